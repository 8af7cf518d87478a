"""What `explain` shows: each step from the passages to the answers."""

from dataclasses import asdict

from pydantic import BaseModel, Field

from qa.deciding.decide import CandidateFate, RankedAnswer, Trace
from qa.deciding.giving import AnswerFate
from qa.explanation import Explanation, PassageSteps
from qa.reading.read import ReadingEnd


class ExplainedCandidate(BaseModel):
    """A range that may answer; `order` is what candidates are ordered by, the others are logits."""

    text: str
    start: int
    end: int
    score: float
    margin: float = Field(description="How far the score is above that of no answer.")
    order: float
    fate: CandidateFate = Field(description="What became of it.")
    answer: int = Field(description="The answer that it went into, counted from 1.")

    @classmethod
    def of(cls, trace: Trace) -> "ExplainedCandidate":
        """Render a candidate and what became of it."""
        candidate = trace.candidate
        return cls(
            text=candidate.text,
            start=candidate.start,
            end=candidate.end,
            score=round(candidate.score, 4),
            margin=round(candidate.margin, 4),
            order=round(candidate.order, 4),
            fate=trace.fate,
            answer=trace.answer + 1,
        )


class ExplainedPassage(BaseModel):
    """A passage in the order of retrieval; ranks count from 1, null where it was not found."""

    article_id: str
    start: int
    end: int
    score: float = Field(description="The fused score, which passages are ordered by.")
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_share: float = Field(description="As a part of the question's best keyword score.")
    keyword_rank: int | None
    read_as: int | None = Field(description="As the how-manieth it was read; null if it was not.")
    candidates: list[ExplainedCandidate]

    @classmethod
    def of(cls, steps: PassageSteps) -> "ExplainedPassage":
        """Render a passage with its candidates, best first."""
        found = steps.found
        return cls(
            article_id=found.passage.article_id,
            start=found.passage.start,
            end=found.passage.end,
            score=round(found.fused_score, 6),
            cosine=round(found.cosine, 4),
            dense_rank=found.dense_rank,
            keyword_score=round(found.keyword_score, 4),
            keyword_share=round(found.keyword_share, 4),
            keyword_rank=found.keyword_rank,
            read_as=steps.read_as,
            candidates=[ExplainedCandidate.of(trace) for trace in steps.traces],
        )


class ExplainedAnswer(BaseModel):
    """An answer, whether it was given, and what its confidence was computed from."""

    text: str
    confidence: float
    fate: AnswerFate
    features: dict[str, float] = Field(description="What the calibration weighs, by name.")

    @classmethod
    def of(cls, ranked: RankedAnswer, fate: AnswerFate) -> "ExplainedAnswer":
        """Render an answer."""
        return cls(
            text=ranked.places[0].text,
            confidence=round(ranked.confidence, 4),
            fate=fate,
            features={name: round(value, 4) for name, value in asdict(ranked.features).items()},
        )


class ExplanationBody(BaseModel):
    """All passages that were retrieved, all answers that they gave, and the time of each step."""

    passages: list[ExplainedPassage]
    reading_end: ReadingEnd = Field(description="Why no more passages were read.")
    answers: list[ExplainedAnswer]
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, explanation: Explanation) -> "ExplanationBody":
        """Render an explanation."""
        return cls(
            passages=[ExplainedPassage.of(steps) for steps in explanation.passages],
            reading_end=explanation.reading_end,
            answers=[
                ExplainedAnswer.of(ranked, fate)
                for ranked, fate in zip(explanation.ranking, explanation.fates, strict=True)
            ],
            timings_ms={step: round(spent, 2) for step, spent in explanation.timings_ms.items()},
        )
