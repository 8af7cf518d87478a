"""Deciding: which spans are the same answer, which answer is best, and whether to give it."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.calibration import AnswerFeatures, Calibration, CandidateFeatures
from qa.deciding.lists import lists_in
from qa.deciding.withdrawn import is_withdrawn
from qa.language.mentions import Unmentioned, unmentioned
from qa.language.same_answer import answer_keys
from qa.reading.asked.whole_statements import statement_asked_for
from qa.reading.read import candidate_features
from qa.reading.reader import PassageSpan
from qa.reading.spans import without_overlaps
from qa.retrieval import RetrievedPassage
from qa.values import Passage

# Of caps from 0.3 to 0.6 the one of least log loss, cross-validated on the calibration's questions.
_COSINE_CAP = 0.4
# An only answer leads by as much as the clearest winner among several.
_WIDEST_LEAD = 8.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, in offsets of its article, with the score it is ordered by.

    `passage` is what it was read in. A list has the features of its best member.
    """

    article_id: str
    start: int
    end: int
    text: str
    features: CandidateFeatures
    order: float
    passage: Passage

    @property
    def score(self) -> float:
        """How likely it answers, in logits (`PassageSpan.score`)."""
        return self.features.span_score

    @property
    def margin(self) -> float:
        """How far the score is above that of "no answer"."""
        return self.features.margin


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """One answer: the places that give it, best first, and the probability that it is right."""

    places: tuple[Candidate, ...]
    features: AnswerFeatures
    confidence: float


def supporting(ranked: RankedAnswer) -> tuple[Candidate, ...]:
    """Return the places to cite: the best one, and others whose passage answers by itself.

    A passage that only mentions the answer, so that "no answer" scored higher, is no evidence, nor
    is one that takes it back.
    """
    best, *others = ranked.places
    return (best, *(place for place in others if place.margin > 0 and not _is_withdrawn(place)))


def _is_withdrawn(place: Candidate) -> bool:
    start = place.passage.start
    return is_withdrawn(place.passage.text, place.start - start, place.end - start)


class CandidateFate(StrEnum):
    """What became of a candidate."""

    BEST = "the answer's text"
    GROUPED = "the same answer in another place"
    OVERLAPPED = "overlaps a better one"
    LISTED = "joined to a list"


@dataclass(frozen=True, slots=True)
class Trace:
    """A candidate, what became of it, and the answer (counted from 0) that it went into."""

    candidate: Candidate
    fate: CandidateFate
    answer: int


@dataclass(frozen=True, slots=True)
class Decision:
    """All answers, best first, and the probability that the articles answer at all.

    `traces` has every span that was read, best first, and every list that was made of them.
    """

    ranking: tuple[RankedAnswer, ...]
    answerable_probability: float
    traces: tuple[Trace, ...] = ()


def decide(
    found: Sequence[tuple[RetrievedPassage, Sequence[PassageSpan]]],
    calibration: Calibration,
    *,
    question: str = "",
) -> Decision:
    """Turn the spans read from passages into answers with probabilities.

    Spans of one article that overlap are one place, and the better span stands for it. Places
    that are one list are joined (`qa.deciding.lists`), places that say the same are one answer
    (`qa.language.same_answer`), and its best place gives its text. `question` keeps what it names
    itself out of lists, and lets an article that does not mention it be less likely to answer.

    The confidence in an answer is the probability that it is right if the articles answer, times
    that they do.
    """
    candidates = sorted(
        (
            _candidate(passage, span, calibration, question)
            for passage, spans in found
            for span in spans
        ),
        key=_by_order,
    )
    passages = _passages_read(found)
    places = _places(candidates, passages, question)
    groups = _group(places.kept, passages)
    if not groups:
        return Decision((), 0.0)
    missing = {
        article_id: _unmentioned(question, passages[article_id])
        for article_id in {group[0].article_id for group in groups}
    }
    features = [
        _features(
            group,
            [g[0].order for g in groups if g is not group],
            missing[group[0].article_id],
        )
        for group in groups
    ]
    answerable = calibration.answerable.probability(features[0])
    ranking = [
        RankedAnswer(
            tuple(group), own, answerable * calibration.right_if_answerable.probability(own)
        )
        for group, own in zip(groups, features, strict=True)
    ]
    # Support may make an answer likelier than one with a better place.
    ranking.sort(key=lambda ranked: -ranked.confidence)
    return Decision(tuple(ranking), answerable, _traces(ranking, places))


def _candidate(
    found: RetrievedPassage, span: PassageSpan, calibration: Calibration, question: str
) -> Candidate:
    passage = found.passage
    features = candidate_features(found, span)
    start, end = statement_asked_for(passage.text, span.start, span.end, question)
    return Candidate(
        passage.article_id,
        passage.start + start,
        passage.start + end,
        passage.text[start:end],
        features,
        calibration.order.logit(features),
        passage,
    )


def _by_order(candidate: Candidate) -> tuple[float, str, int, int, int]:
    return (
        -candidate.order,
        candidate.article_id,
        candidate.start,
        candidate.end,
        candidate.passage.start,
    )


def _passages_read(
    found: Sequence[tuple[RetrievedPassage, Sequence[PassageSpan]]],
) -> dict[str, list[Passage]]:
    """Return what was read of each article, in the article's order."""
    read: dict[str, list[Passage]] = defaultdict(list)
    for passage in sorted({item.passage for item, _ in found}, key=lambda p: (p.start, p.end)):
        read[passage.article_id].append(passage)
    return read


@dataclass(frozen=True, slots=True)
class _Places:
    """The places that answer, best first, and the other candidates with what they went into."""

    kept: list[Candidate]
    overlapped: list[tuple[Candidate, Candidate]]
    listed: list[tuple[Candidate, Candidate]]


def _places(
    candidates: Sequence[Candidate], passages: Mapping[str, Sequence[Passage]], question: str
) -> _Places:
    by_article: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_article[candidate.article_id].append(candidate)
    places = _Places([], [], [])
    for article_id, own in by_article.items():
        apart, overlapped = without_overlaps(own)
        lists = _lists(apart, passages[article_id], question)
        kept, listed = without_overlaps([*lists, *apart])
        places.kept.extend(kept)
        places.overlapped.extend(overlapped)
        places.listed.extend(listed)
    places.kept.sort(key=_by_order)
    return places


def _lists(
    candidates: Sequence[Candidate], passages: Sequence[Passage], question: str
) -> list[Candidate]:
    lists = []
    for passage in passages:
        inside = [c for c in candidates if passage.start <= c.start and c.end <= passage.end]
        for found in lists_in(passage.text, inside, offset=passage.start, question=question):
            text = passage.text[found.start - passage.start : found.end - passage.start]
            best = min(found.members, key=_by_order)
            lists.append(
                replace(best, start=found.start, end=found.end, text=text, passage=passage)
            )
    return sorted(lists, key=lambda found: (found.start - found.end, found.start))


def _group(
    places: Sequence[Candidate], passages: Mapping[str, Sequence[Passage]]
) -> list[list[Candidate]]:
    """Return the places grouped by what they say, in the order of each group's best one."""
    texts = {article_id: [p.text for p in own] for article_id, own in passages.items()}
    articles = [own[0].article for own in passages.values()]
    published = {article.article_id: article.published for article in articles if article}
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for place, key in zip(places, answer_keys(places, texts, published), strict=True):
        groups.setdefault(key, []).append(place)
    return list(groups.values())


def _features(
    places: Sequence[Candidate], others: Sequence[float], missing: Unmentioned
) -> AnswerFeatures:
    best = places[0]
    return AnswerFeatures(
        span_score=best.features.span_score,
        margin=best.features.margin,
        cosine=best.features.cosine,
        cosine_to_cap=min(best.features.cosine, _COSINE_CAP),
        keyword_share=best.features.keyword_share,
        order=best.order,
        lead=_lead(best.order, others),
        support=math.log(len(places)),
        unmentioned_name=float(bool(missing.names)),
        unmentioned_name_word=float(bool(missing.name_words)),
        unmentioned_number=float(bool(missing.numbers)),
    )


def _unmentioned(question: str, read: Sequence[Passage]) -> Unmentioned:
    """Return what an article does not mention of the question.

    Mostly what was read of it mentions all, so that the rest need not be looked at.
    """
    missing = unmentioned(question, "\n".join(passage.with_heading for passage in read))
    article = read[0].article
    return unmentioned(question, article.with_heading) if missing and article else missing


def _lead(order: float, others: Sequence[float]) -> float:
    if not others:
        return _WIDEST_LEAD
    return max(-_WIDEST_LEAD, min(_WIDEST_LEAD, order - max(others)))


def _traces(ranking: Sequence[RankedAnswer], places: _Places) -> tuple[Trace, ...]:
    """Return what became of each candidate, best first."""
    answers = {place: number for number, one in enumerate(ranking) for place in one.places}
    into = dict([*places.overlapped, *places.listed])

    def answer_of(candidate: Candidate) -> int:
        while candidate not in answers:
            candidate = into[candidate]
        return answers[candidate]

    traces = [
        Trace(c, CandidateFate.OVERLAPPED, answer_of(better)) for c, better in places.overlapped
    ]
    traces += [Trace(c, CandidateFate.LISTED, answer_of(better)) for c, better in places.listed]
    for number, ranked in enumerate(ranking):
        best, *others = ranked.places
        traces.append(Trace(best, CandidateFate.BEST, number))
        traces += [Trace(place, CandidateFate.GROUPED, number) for place in others]
    return tuple(sorted(traces, key=lambda trace: _by_order(trace.candidate)))
