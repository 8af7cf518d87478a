"""Deciding: which spans are the same answer, which answer is best, and whether to give it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.calibration import AnswerFeatures, Calibration, CandidateFeatures
from qa.reader import PassageSpan
from qa.retrieval import RetrievedPassage
from qa.squad_metrics import normalize_answer

# An only answer leads by as much as the clearest winner among several.
_WIDEST_LEAD = 8.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, in offsets of its article, with the score it is ordered by."""

    article_id: str
    start: int
    end: int
    text: str
    features: CandidateFeatures
    order: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: the places that give it, best first, and the probability that it is right."""

    places: tuple[Candidate, ...]
    features: AnswerFeatures
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """All answers, best first, and the probability that the articles answer at all."""

    verdicts: tuple[Verdict, ...]
    answerable_probability: float


def decide(
    found: Sequence[tuple[RetrievedPassage, Sequence[PassageSpan]]], calibration: Calibration
) -> Decision:
    """Turn the spans read from passages into answers with probabilities.

    Spans of one article that overlap are one place, and the better span stands for it. Places
    whose texts are equal but for capitals, punctuation and English articles are one answer.
    """
    candidates = [
        _candidate(passage, span, calibration) for passage, spans in found for span in spans
    ]
    groups = _group(_without_overlaps(candidates))
    if not groups:
        return Decision((), 0.0)
    verdicts = tuple(
        _verdict(group, [g[0].order for g in groups if g is not group], calibration)
        for group in groups
    )
    probability = calibration.answerable.probability(verdicts[0].features)
    return Decision(verdicts, probability)


def _candidate(found: RetrievedPassage, span: PassageSpan, calibration: Calibration) -> Candidate:
    passage = found.passage
    features = CandidateFeatures(
        span_score=span.score,
        margin=span.margin,
        cosine=found.cosine,
        fusion=100 * found.fused_score,
    )
    return Candidate(
        passage.article_id,
        passage.start + span.start,
        passage.start + span.end,
        passage.text[span.start : span.end],
        features,
        calibration.order.logit(features),
    )


def _without_overlaps(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=_by_order):
        if not any(_overlap(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _by_order(candidate: Candidate) -> tuple[float, str, int, int]:
    return -candidate.order, candidate.article_id, candidate.start, candidate.end


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.article_id == other.article_id and one.start < other.end and other.start < one.end


def _group(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the candidates grouped by equal text, in the order of each group's best one."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        key = normalize_answer(candidate.text) or candidate.text.casefold()
        groups.setdefault(key, []).append(candidate)
    return list(groups.values())


def _verdict(
    places: Sequence[Candidate], others: Sequence[float], calibration: Calibration
) -> Verdict:
    best = places[0]
    features = AnswerFeatures(
        span_score=best.features.span_score,
        margin=best.features.margin,
        cosine=best.features.cosine,
        fusion=best.features.fusion,
        order=best.order,
        lead=_lead(best.order, others),
        support=math.log(len(places)),
    )
    return Verdict(tuple(places), features, calibration.confidence.probability(features))


def _lead(order: float, others: Sequence[float]) -> float:
    if not others:
        return _WIDEST_LEAD
    return max(-_WIDEST_LEAD, min(_WIDEST_LEAD, order - max(others)))
