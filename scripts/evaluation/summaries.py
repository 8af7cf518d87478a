"""The figures of each evaluation, from what came back for each question."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.answers import Citation
from qa.calibration import PrecisionThreshold
from scripts.evaluation.asking import RECALL_DEPTHS, AskedQuestion
from scripts.evaluation.measures import (
    aupr,
    auroc,
    brier,
    coverage_at_precision,
    expected_calibration_error,
    risk_coverage,
)
from scripts.evaluation.question_file import KnownQuestion
from scripts.evaluation.runs import Summary
from scripts.evaluation.targets import at_targets


def open_summary(asked: Sequence[AskedQuestion]) -> Summary:
    """Return recall of retrieval and reading, and how good the first answers are."""
    times = sorted(one.milliseconds for one in asked)
    recalls = {
        f"recall@{depth}": _percent(_within(one.retrieved_rank, depth) for one in asked)
        for depth in RECALL_DEPTHS
    }
    after_reading = {
        f"recall_after_reading@{depth}": _percent(_within(one.read_rank, depth) for one in asked)
        for depth in RECALL_DEPTHS[:2]
    }
    return {
        "em": _percent(one.em for one in asked),
        "f1": _percent(one.f1 for one in asked),
        "best_of_3_em": _percent(one.best_of_3_em for one in asked),
        "best_of_3_f1": _percent(one.best_of_3_f1 for one in asked),
        **recalls,
        **after_reading,
        "cites_gold": _mean(one.cites_gold for one in asked),
        "answered": _mean(one.answered for one in asked),
        "median_ms": round(statistics.median(times), 1),
        # The nearest rank: the least time that 95 in 100 questions take at most.
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1], 1),
    }


def abstain_summary(
    asked: Sequence[AskedQuestion], thresholds: Sequence[PrecisionThreshold]
) -> Summary:
    """Return how well answerable questions are told apart, and how honest confidence is.

    An answer is right where it equals a reference answer and the collection holds its article.
    The `thresholds` are those that `QUOTH_TARGET_PRECISION` chooses from; those `for_precision`
    would have been best for these questions.
    """
    decided = [as_decided(one) for one in asked]
    answerable = [one.answerable for one in asked]
    probability = [one.answerable_probability for one in asked]
    confidence = [one.confidence for one in asked]
    right = [one.em == 1.0 for one in asked]
    at_90, threshold_90 = coverage_at_precision(confidence, right, precision=0.9)
    at_95, threshold_95 = coverage_at_precision(confidence, right, precision=0.95)
    return {
        "answerable": sum(answerable),
        "unanswerable": len(asked) - sum(answerable),
        "em": _percent(one.em for one in decided),
        "f1": _percent(one.f1 for one in decided),
        "auroc": round(auroc(answerable, probability), 4),
        "aupr": round(aupr(answerable, probability), 4),
        "expected_calibration_error": round(expected_calibration_error(confidence, right), 4),
        "brier": round(brier(confidence, right), 4),
        "risk_coverage_area": round(risk_coverage(confidence, right).area, 4),
        "coverage_at_precision_90": round(at_90, 4),
        "threshold_for_precision_90": round(threshold_90, 4),
        "coverage_at_precision_95": round(at_95, 4),
        "threshold_for_precision_95": round(threshold_95, 4),
        "abstains_where_it_should": _mean(not one.answered for one in asked if not one.answerable),
        "answers_where_it_should": _mean(one.answered for one in asked if one.answerable),
        **at_targets(thresholds, confidence, answered=[one.answered for one in asked], right=right),
    }


def cite_summary(asked: Sequence[AskedQuestion]) -> Summary:
    """Return how often cited sentences are evidence sentences.

    Precision is over all sentences that the first answers cite, recall over all evidence
    sentences, and `first_is_evidence` over first citations alone: `..._where_right` over those of
    answers with the words of a reference, for a wrong answer has no evidence.
    """
    cited = [[_is_evidence(c, one.question) for c in one.citations] for one in asked]
    firsts = [bool(row) and row[0] for row in cited]
    of_right = [first for first, one in zip(firsts, asked, strict=True) if one.em == 1.0]
    found = [_found_evidence(one) for one in asked]
    sentences = sum(len(row) for row in cited)
    evidence = sum(len(row) for row in found)
    precision = sum(sum(row) for row in cited) / max(1, sentences)
    scored = [one for one in asked if one.question.answers]
    scores = {
        "first_is_evidence_where_right": _mean(of_right),
        "em": _percent(o.em for o in scored),
        "f1": _percent(o.f1 for o in scored),
    }
    recall = sum(sum(row) for row in found) / max(1, evidence)
    return {
        "first_is_evidence": _mean(firsts),
        "evidence_precision": round(precision, 4),
        "evidence_recall": round(recall, 4),
        "evidence_f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "sentences_cited": sentences,
        "evidence_sentences": evidence,
        **(scores if scored else {}),
    }


def lists_summary(asked: Sequence[AskedQuestion], known: Sequence[KnownQuestion]) -> Summary:
    """Return how much of the lists the first answers hold.

    `quoted_whole` is the share of answers with all members, `members_quoted` the share of members
    in them; EM and F1 compare an answer with the text of the list.
    """
    members = {question.id: question.references for question in known}
    quoted = [[text in one.answer for text in members[one.question.id]] for one in asked]
    return {
        "questions": len(asked),
        "em": _percent(one.em for one in asked),
        "f1": _percent(one.f1 for one in asked),
        "quoted_whole": _mean(map(all, quoted)),
        "members": sum(map(len, quoted)),
        "members_quoted": _mean(found for row in quoted for found in row),
        "answered": _mean(one.answered for one in asked),
    }


def as_decided(one: AskedQuestion) -> AskedQuestion:
    """Return it scored by what was given: abstaining is right where nothing answers."""
    if one.answered:
        return one
    score = float(not one.answerable)
    return replace(one, em=score, f1=score)


def _is_evidence(citation: Citation, question: KnownQuestion) -> bool:
    return any(_same_sentence(citation, *place) for place in _evidence_places(question))


def _found_evidence(one: AskedQuestion) -> list[bool]:
    return [
        any(_same_sentence(citation, *place) for citation in one.citations)
        for place in _evidence_places(one.question)
    ]


def _evidence_places(question: KnownQuestion) -> list[tuple[int, int]]:
    """Return where the evidence stands in the stored text, which has no white space at its ends."""
    shift = len(question.context) - len(question.context.lstrip())
    return [(e.start - shift, e.start - shift + len(e.text)) for e in question.evidence]


def _same_sentence(citation: Citation, start: int, end: int) -> bool:
    """Return whether the ranges share at least half of the shorter one.

    Two segmentations may put a boundary differently, at an abbreviation or a quotation mark.
    """
    shared = min(citation.sentence.end, end) - max(citation.sentence.start, start)
    shorter = min(citation.sentence.end - citation.sentence.start, end - start)
    return shared >= 0.5 * shorter


def _within(rank: int | None, depth: int) -> bool:
    return rank is not None and rank <= depth


def _mean(values: Iterable[float]) -> float:
    rows = [float(value) for value in values]
    return round(sum(rows) / len(rows), 4) if rows else 0.0


def _percent(values: Iterable[float]) -> float:
    rows = [float(value) for value in values]
    return round(100 * sum(rows) / len(rows), 2) if rows else 0.0
