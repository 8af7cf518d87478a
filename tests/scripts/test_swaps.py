"""What `scripts.measure_swaps` finds fault with, and a small run of it."""

import hashlib
import json
from pathlib import Path

import pytest

from scripts.evaluation.collection import Collection
from scripts.measure_swaps import Options, measure
from scripts.swaps.changes import Plan
from scripts.swaps.clients import Quoted, Reply
from scripts.swaps.texts import Texts

OLD, NEW = "The ship sails at noon.", "At last. The ship sails at one."


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    """One article, which was put anew at sequence 5 and deleted at sequence 8, in second 100."""
    made = Texts(Collection({OLD: "ship"}, {OLD: ""}), tmp_path / "sources", tmp_path / "index")
    for sequence in (1, 5, 8):
        folder = tmp_path / "index" / "generations" / f"2026-{sequence}"
        folder.mkdir(parents=True)
        manifest = {"generation": folder.name, "sequence": sequence, "more": True}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    made.note_generations()
    made.will_put("ship", NEW)
    made.was_put("ship", 5)
    made.will_delete("ship")
    made.was_deleted("ship", 8, 100.0)
    return made


def reply(text: str, sequence: int, *, came: float = 50.0, start: int = 0) -> Reply:
    """A reply that quotes the whole of a text, from the generation of a sequence."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    quoted = Quoted("ship", digest, text[start:], start, len(text))
    name = f"2026-{sequence}"
    return Reply(came, 1.0, name, name, (quoted,))


def test_a_reply_of_the_text_that_its_generation_has_is_right(texts: Texts) -> None:
    assert texts.fault_of(reply(OLD, 1)) is None
    assert texts.fault_of(reply(NEW, 5, start=9)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(reply(NEW, 1), id="newer-text-than-the-generation"),
        pytest.param(reply(OLD, 5), id="older-text-than-the-generation"),
        pytest.param(reply(NEW, 8), id="deleted-in-the-generation"),
    ],
)
def test_a_text_of_another_generation_is_a_fault(texts: Texts, wrong: Reply) -> None:
    assert texts.can_check(wrong)
    assert texts.fault_of(wrong) is not None


def test_a_quote_that_does_not_stand_where_it_says_is_a_fault(texts: Texts) -> None:
    right = reply(OLD, 1)
    moved = Quoted("ship", right.quoted[0].sha256, OLD, 1, len(OLD))
    assert texts.fault_of(Reply(50, 1, "2026-1", "2026-1", (moved,))) is not None


def test_header_and_body_must_name_the_same_generation(texts: Texts) -> None:
    right = reply(OLD, 1)
    assert texts.fault_of(Reply(50, 1, "2026-1", "2026-5", right.quoted)) is not None


def test_what_comes_after_the_deletion_may_not_show_the_article(texts: Texts) -> None:
    assert texts.deleted_in(reply(NEW, 5, came=99.0)) is None
    assert texts.deleted_in(reply(NEW, 5, came=101.0)) is not None


def test_a_text_is_compared_as_it_is_stored(tmp_path: Path) -> None:
    made = Texts(Collection({f" {OLD}\n": "ship"}, {}), tmp_path / "sources", tmp_path / "index")
    assert made.now() == {"ship": OLD}


def test_the_sources_hold_what_there_is(texts: Texts) -> None:
    assert texts.now() == {}
    texts.write()
    assert (texts.sources / "articles.jsonl").read_text() == ""


def test_a_small_run_with_the_real_service_finds_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rebuild gives way to questions, and the clients ask until it is done: where they have all
    # cores, it takes minutes.
    monkeypatch.setenv("QUOTH_THREADS", "1")
    towns = ["Aalborg", "Bergen", "Cuxhaven", "Delfzijl", "Esbjerg", "Flensburg"]
    rows = [
        {
            "id": town,
            "context": f"The harbour of {town} opened in {1900 + number}.",
            "question": f"When did the harbour of {town} open?",
            "answers": [{"text": str(1900 + number), "answer_start": 0}],
        }
        for number, town in enumerate(towns)
    ]
    data = tmp_path / "towns.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = Options(
        contexts=6,
        clients=2,
        quiet_questions=3,
        questions=8,
        passages=2,
        plan=Plan(rebuilds=1, puts=2, deletes=2),
    )
    found = measure(data, tmp_path / "work", options, command="this test")
    assert (found.failed, found.inconsistent, found.deleted_served, found.examples) == (0, 0, 0, ())
    assert (found.rebuilds, found.puts, found.deletes) == (1, 2, 2)
    assert found.articles == 6
    assert found.questions >= 8
    assert found.checked_in_generation == found.questions
    assert found.generations_seen >= 2
