"""Fixed replies, put together by hand: they stay the same whatever the reader learns."""

from datetime import date
from pathlib import Path

from api.links import SourceLinks
from api.replies.cited_reply import CitedReply
from qa.answers import Answer, Citation, Context, Outcome
from qa.deciding.agreement import Agreement
from qa.language.question_kind import QuestionKind
from qa.values import Article, Sentence

BASE_URL = "https://quoth.example/"
_SEED = Path(__file__).parents[3] / "seeds" / "000_751be9ff2f0701a9.txt"
_MARKER = " date 2021-11-15 "

SEED = Article(
    "000_751be9ff2f0701a9",
    "To the alarm of the United States",
    _SEED.read_bytes().decode("utf-8").removeprefix(_MARKER),
    published=date(2021, 11, 15),
)
SONGS = Article(
    "songs/the Ålesund ⚓",
    "",
    "🎵🎵 Anna Lind 😀 founded it. She wrote 42 songs 𝄞 in 7 years. “All” of them: <b>bold</b>.",
    url="https://example.org/songs",
)
NOTES = Article("notes", "Notes", "🐈 Lind: 42 songs, counted twice.", source="The 🎻 Post")


def cited(
    article: Article, quote: str, answer: str, *, index: int, context: str | None = None
) -> Citation:
    """Cite the one place of an article that has the quote."""
    start = article.text.index(quote)
    end = start + len(quote)
    at = article.text.index(answer, start)
    return Citation(
        article=article,
        sentence=Sentence(index, start, end),
        quote=quote,
        answer_start=at,
        answer_end=at + len(answer),
        answer=answer,
        prefix=article.text[max(0, start - 20) : start],
        suffix=article.text[end : end + 20],
        context=None if context is None else _context(article, context, index - 1),
    )


def _context(article: Article, quote: str, index: int) -> Context:
    start = article.text.index(quote)
    return Context(Sentence(index, start, start + len(quote)), quote)


def reply(
    question: str,
    *answers: Answer,
    reading: tuple[Citation, ...] = (),
    agreement: Agreement | None = None,
    note: str | None = None,
) -> CitedReply:
    """Return what an outcome with these answers, or with nothing but reading, is told as."""
    outcome = Outcome(question, answers, answers, 0.93, {"total": 1.0}, None, agreement, note)
    return CitedReply.of(outcome, reading, generation="g1", links=SourceLinks(BASE_URL))


_DICTATOR = (
    "The longtime dictator of Belarus, Alexander Lukashenko, faces the pressure of sanctions from "
    "the United States and European neighbors, who oppose his victory in the 2020 election and the "
    "crackdown on dissent."
)
_MIGRANTS = (
    "Lukashenko has also sent migrants from the Middle East and other countries to his country’s "
    "borders with Poland, Lithuania and Latvia, prompting what critics say is a human trafficking "
    "and a humanitarian crisis."
)
_THREAT = (
    "He has threatened to cut off power supplies to parts of the continent, a move likely to "
    "require Russia’s signature."
)
_FOUNDED = "🎵🎵 Anna Lind 😀 founded it."
_WROTE = "She wrote 42 songs 𝄞 in 7 years."

ANSWERED = reply(
    "Who is the longtime dictator of Belarus?",
    Answer(
        "Alexander Lukashenko",
        0.97,
        (
            cited(SEED, _DICTATOR, "Alexander Lukashenko", index=8),
            cited(SEED, _MIGRANTS, "Lukashenko", index=10),
        ),
    ),
)
ABSTAINING = reply("Who won the cup?", reading=(cited(SEED, _THREAT, _THREAT, index=9),))
WITHOUT_READING = reply("Who won the cup?")
BEYOND_THE_BMP = reply(
    "How many songs did Anna Lind write?",
    Answer(
        "42 songs",
        0.9,
        (
            cited(SONGS, _WROTE, "42 songs", index=1, context=_FOUNDED),
            cited(NOTES, NOTES.text, "42 songs", index=0),
        ),
    ),
    Answer(_FOUNDED, 0.4, (cited(SONGS, _FOUNDED, _FOUNDED, index=0),)),
    Answer("7", 0.2, (cited(SONGS, _WROTE, "7", index=1, context=_FOUNDED),)),
)
DIFFERING = reply(
    "Did Anna Lind write 42 songs?",
    Answer("42 songs", 0.6, (cited(SONGS, _WROTE, "42 songs", index=1, context=_FOUNDED),)),
    agreement=Agreement.DIFFER,
    note=QuestionKind.YES_NO.note,
)

REPLIES = {
    "answered": ANSWERED,
    "abstaining": ABSTAINING,
    "beyond-the-bmp": BEYOND_THE_BMP,
    "differing": DIFFERING,
}
