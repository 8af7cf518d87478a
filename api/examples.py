"""Examples in the OpenAPI description: what the article in seeds/ gives, so that they are true."""

from pydantic import JsonValue

QUESTION = "Who is the longtime dictator of Belarus?"

CITATION: dict[str, JsonValue] = {
    "id": "c1",
    "answer_id": "a1",
    "article": {
        "id": "000_751be9ff2f0701a9",
        "title": "To the alarm of the United States, other members of NATO and the European…",
        "url": None,
        "published": "2021-11-15",
        "source": None,
        "sha256": "362f7783771d49eb8d1410b87b4380500e71c72cadda83720e90e09c58984478",
    },
    "quote": (
        "The longtime dictator of Belarus, Alexander Lukashenko, faces the "
        "pressure of sanctions from the United States and European neighbors, "
        "who oppose his victory in the 2020 election and the crackdown on "
        "dissent."
    ),
    "sentence": {
        "index": 6,
        "start": 891,
        "end": 1099,
    },
    "answer": {
        "text": "Alexander Lukashenko",
        "start": 925,
        "end": 945,
    },
    "prefix": " current and former US officials said.\n\n",
    "suffix": " He has threatened to cut off power supp",
    "offset_unit": "codepoint",
    "deep_link": None,
    "viewer_link": "/articles/000_751be9ff2f0701a9#char=891,1099",
    "page": None,
    "context": None,
}

RESPONSE: dict[str, JsonValue] = {
    "question": QUESTION,
    "answered": True,
    "answerable_probability": 0.9962,
    "answers": [
        {
            "id": "a1",
            "text": "Alexander Lukashenko",
            "confidence": 0.9632,
            "support": 1,
            "citations": [
                CITATION,
            ],
        },
    ],
    "generation": "20261122T191500.000000Z",
    "cached": False,
    "timings_ms": {
        "retrieve": 12.5,
        "read": 190.25,
        "total": 202.75,
    },
    "degraded": None,
    "agreement": "single",
    "note": None,
    "note_kind": None,
    "unmentioned": [],
    "asked": None,
    "considered": None,
    "explanation": None,
}
