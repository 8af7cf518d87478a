"""Citing: from the place of an answer to the whole source sentence."""

from collections.abc import Sequence

from qa.answers import Citation, Context
from qa.citing.context import attributing_sentence, naming_sentence
from qa.citing.evidence import FARTHEST, evidence_behind
from qa.citing.introduction import (
    is_listed,
    may_be_row,
    question_before,
    sentence_above,
    stands_behind_question,
)
from qa.citing.unnamed import has_unnamed_speaker, unnamed_subject
from qa.deciding.decide import Candidate
from qa.retrieval import ArticleStore
from qa.values import Article, Sentence

_CHARACTERS_AROUND = 40
# Three sentences, and those on the same person between them, are hardly ever longer together.
_CHARACTERS_BEFORE = 5000
# Three sentences are hardly ever longer together.
_CHARACTERS_BEHIND = 1500


def cite(place: Candidate, store: ArticleStore, *, question: str) -> Citation:
    """Return the citation of the sentence, or sentences, that hold the answer.

    Where one of the next sentences of the paragraph is what says what was asked
    (`evidence_behind`), the quote goes on to it.
    """
    article = store.article(place.article_id)
    held_by = store.sentences(place.article_id, place.start, place.end)
    sentence = _with_evidence(article, _covering(held_by, place), place, store, question)
    context = _context(article, sentence, store)
    return _citation(article, sentence, place.start, place.end, context)


def cite_whole(article: Article, sentence: Sentence) -> Citation:
    """Return the citation of a sentence that is its own answer."""
    return _citation(article, sentence, sentence.start, sentence.end, None)


def _citation(
    article: Article, sentence: Sentence, start: int, end: int, context: Context | None
) -> Citation:
    text = article.text
    return Citation(
        article=article,
        sentence=sentence,
        quote=text[sentence.start : sentence.end],
        answer_start=start,
        answer_end=end,
        answer=text[start:end],
        prefix=text[max(0, sentence.start - _CHARACTERS_AROUND) : sentence.start],
        suffix=text[sentence.end : sentence.end + _CHARACTERS_AROUND],
        context=context,
    )


def _with_evidence(
    article: Article, sentence: Sentence, place: Candidate, store: ArticleStore, question: str
) -> Sentence:
    following = _rest_of_paragraph(article, sentence, store)
    texts = [article.text[one.start : one.end] for one in following]
    quote = article.text[sentence.start : sentence.end]
    count = evidence_behind(quote, texts, question=question, answer=place.text)
    if count == 0:
        return sentence
    return Sentence(sentence.index, sentence.start, following[count - 1].end)


def _rest_of_paragraph(article: Article, sentence: Sentence, store: ArticleStore) -> list[Sentence]:
    """Return the next sentences of the paragraph, no more than may be evidence."""
    end = sentence.end
    near = store.sentences(article.article_id, end, end + _CHARACTERS_BEHIND)
    rest: list[Sentence] = []
    for following in near:
        if following.start >= end and len(rest) < FARTHEST:
            if article.text.count("\n", end, following.start) > 1:
                break
            rest.append(following)
            end = following.end
    return rest


def _context(article: Article, sentence: Sentence, store: ArticleStore) -> Context | None:
    quote = article.text[sentence.start : sentence.end]
    is_item, is_said = is_listed(quote) or may_be_row(quote), has_unnamed_speaker(quote)
    is_unnamed = unnamed_subject(quote) is not None
    begin = max(0, sentence.start - _CHARACTERS_BEFORE)
    is_asked_before = stands_behind_question(article.text[begin : sentence.start])
    if not (is_item or is_said or is_unnamed or is_asked_before):
        return None
    near = store.sentences(article.article_id, begin, sentence.start)
    before = [earlier for earlier in near if earlier.end <= sentence.start]
    earlier = sentence_above(article.text, before, sentence) if is_item else None
    if earlier is None and is_said:
        earlier = attributing_sentence(article.text, before)
    if earlier is None and is_unnamed:
        earlier = naming_sentence(article.text, before, sentence)
    if earlier is None:
        earlier = question_before(article.text, before)
    if earlier is None:
        return None
    return Context(earlier, article.text[earlier.start : earlier.end])


def _covering(held_by: Sequence[Sentence], place: Candidate) -> Sentence:
    """Return one range over all the sentences; the place itself where there is none."""
    if not held_by:
        return Sentence(0, place.start, place.end)
    return Sentence(
        held_by[0].index, min(held_by[0].start, place.start), max(held_by[-1].end, place.end)
    )
