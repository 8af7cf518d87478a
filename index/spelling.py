"""Misspelt words of a question in the spelling of the articles, before they are searched.

A word that no article has finds nothing by its letters, and leads a vector astray.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from index.generation.generation import Generation
from index.keywords import KeywordIndex
from qa.reading.spelling import one_slip_away, rare_words, spelled_as_in, words_shared

# How many words are looked for that a misspelt one may be meant for, and in how many passages.
_WORDS_TRIED = 3
_PASSAGES_LOOKED_AT = 5
# Looking takes some milliseconds a word, and a question of many such words is not of misspelt ones.
_MOST_WORDS = 8


def spelled_as_indexed(
    question: str,
    generation: Generation,
    *,
    is_common: Callable[[str], bool],
    article_rows: Sequence[int] | None = None,
) -> str:
    """Return the question with rare words that no passage has, spelled as one of them spells them.

    What a rare word is, and how far it may be from what was meant, `qa.reading.spelling` says. The
    spelling is that of the passage (with `article_rows`, of these articles) that has most other
    words of the question, or else a common word that passages have in another inflection.
    """
    rare = sorted(rare_words(question, is_common))
    unknown = [word for word in rare if not generation.keywords.passages_with(word)]
    for word in unknown[:_MOST_WORDS]:
        one = frozenset({word})
        likely = _likeliest(word, generation.keywords)
        alike = partial(words_shared, question, but=word)
        texts = sorted(_texts_with(likely, generation, article_rows), key=alike, reverse=True)
        common = (other for other in likely if is_common(other))
        as_indexed = (spelled_as_in(text, question, one) for text in chain(texts, common))
        question = next((other for other in as_indexed if other != question), question)
    return question


def _texts_with(
    words: Sequence[str], generation: Generation, article_rows: Sequence[int] | None
) -> Iterator[str]:
    """Yield titles and texts of the passages that each word finds first."""
    keywords, tables = generation.keywords, generation.tables
    for word in words:
        hits = keywords.search(word, limit=_PASSAGES_LOOKED_AT, article_rows=article_rows)
        for passage in tables.passages([passage_id for passage_id, _ in hits]):
            yield f"{tables.article(passage.article_id).title}\n{passage.text}"


def _likeliest(word: str, keywords: KeywordIndex) -> list[str]:
    """Return the words one slip away that stand in most passages, letters swapped first.

    Two letters swapped hardly ever make another word that was meant.
    """
    known = {
        other: count
        for other in one_slip_away(word)
        if (count := keywords.passages_with(other)) > 0
    }
    return sorted(known, key=lambda o: (sorted(o) != sorted(word), -known[o], o))[:_WORDS_TRIED]
