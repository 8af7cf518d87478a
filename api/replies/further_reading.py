"""What is offered to read where the articles do not answer: the nearest passages' sentences."""

import re
from collections.abc import Sequence

from qa.answers import Citation, Outcome
from qa.citing.cite import cite_whole
from qa.language.function_words import QUESTION_WORDS
from qa.retrieval import ArticleStore
from qa.values import Article, Sentence

_MOST = 3
_WORD = re.compile(r"\w{3,}")
_ASKING = QUESTION_WORDS | {"did", "the", "and"}


def further_reading(outcome: Outcome, store: ArticleStore) -> list[Citation]:
    """Return sentences of the passages that retrieval put first, one each, at most three.

    Where there are answers, nothing else is offered.

    Of each passage the sentence is taken that shares the most words with the question; of equal
    ones the earliest. It is quoted whole, and its "answer" is the whole of it.
    """
    if outcome.answers or outcome.explanation is None:
        return []
    wanted = _words(outcome.asked or outcome.question) - _ASKING
    found: dict[tuple[str, int], Citation] = {}
    for steps in outcome.explanation.passages:
        passage = steps.found.passage
        sentences = store.sentences(passage.article_id, passage.start, passage.end)
        if not sentences:
            continue
        article = store.article(passage.article_id)
        citation = cite_whole(article, _nearest(article, sentences, wanted))
        found.setdefault((article.article_id, citation.sentence.start), citation)
        if len(found) == _MOST:
            break
    return list(found.values())


def _nearest(article: Article, sentences: Sequence[Sentence], wanted: set[str]) -> Sentence:
    return max(
        sentences,
        key=lambda s: (len(wanted & _words(article.text[s.start : s.end])), -s.start),
    )


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
