"""From scores to probabilities: what reader and retrieval say, weighed on held-out questions.

Three logistic models (Platt 1999) over features of one candidate answer: one orders candidates,
one says how likely the articles answer at all, one how likely an answer is right if they do. A
fourth says what hope there is in passages that are still unread. `quoth calibrate` fits them.
"""

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qa.errors import ModelError, first_mistake

CALIBRATION_NAME = "calibration.json"
_CURE = "fit it with: quoth calibrate --data QUESTIONS"


@dataclass(frozen=True, slots=True)
class CandidateFeatures:
    """What is known of one candidate span by itself.

    `span_score` and `margin` are logits (`margin` is over the "no answer" of the same window),
    `cosine` is that of question and passage, `keyword_share` their BM25 score over that of the best
    passage, 0 to 1; BM25 itself is left out, for its scale depends on the collection.
    """

    span_score: float
    margin: float
    cosine: float
    keyword_share: float


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """What is known of an answer among the others: its best candidate, its lead, its support.

    `order` is the ordering score of the best candidate, `lead` how far it is above the best
    different answer (negative where it is below), `support` the log of how many places say it.
    `cosine_to_cap` is the cosine, at most 0.4: beside the cosine it lets likeness to the question
    weigh otherwise among passages that are hardly like it. `unmentioned_name`,
    `unmentioned_name_word` and `unmentioned_number` are 1 if the question has one that the best
    candidate's article does not mention (`qa.language.mentions`), else 0.
    """

    span_score: float
    margin: float
    cosine: float
    cosine_to_cap: float
    keyword_share: float
    order: float
    lead: float
    support: float
    unmentioned_name: float
    unmentioned_name_word: float
    unmentioned_number: float


@dataclass(frozen=True, slots=True)
class HopeFeatures:
    """What is known of passages that are unread, where those read do not answer.

    `answerable` is the log of the odds that the articles answer, after what was read;
    `likeness` how far the greatest cosine of an unread passage is above that of one read;
    `keyword_share` the greatest of an unread passage.
    """

    answerable: float
    likeness: float
    keyword_share: float


Features: TypeAlias = CandidateFeatures | AnswerFeatures | HopeFeatures

_CANDIDATE_FEATURES = tuple(field.name for field in fields(CandidateFeatures))
_ANSWER_FEATURES = tuple(field.name for field in fields(AnswerFeatures))
_FEATURES = {
    "order": _CANDIDATE_FEATURES,
    "right_if_answerable": _ANSWER_FEATURES,
    "answerable": _ANSWER_FEATURES,
    "hope": tuple(field.name for field in fields(HopeFeatures)),
}


class LogisticModel(BaseModel):
    """Weights of one logistic regression by feature; what is not named has no weight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: dict[str, float]
    bias: float

    def logit(self, features: Features) -> float:
        """Return the weighted sum of the features."""
        weighed = (w * float(getattr(features, name)) for name, w in self.weights.items())
        return self.bias + sum(weighed)

    def probability(self, features: Features) -> float:
        """Return the logistic function of the weighted sum, 0 to 1."""
        logit = self.logit(features)
        return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


class PrecisionThreshold(BaseModel):
    """Giving only answers of at least `min_confidence` was right in this share of cases.

    `coverage` is the share of questions that were answered then. All are from 0 to 1, and were
    counted over questions of which half or more have no answer in the collection.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    precision: float = Field(gt=0, le=1)
    min_confidence: float = Field(ge=0, le=1)
    coverage: float = Field(ge=0, le=1)


class Calibration(BaseModel):
    """`calibration.json` beside a reader: everything that turns its scores into decisions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reader_sha256: str = Field(description="The reader that this was fitted for.")
    fitted_on: str = Field(description="Which questions it was fitted on, for people.")
    order: LogisticModel
    right_if_answerable: LogisticModel
    answerable: LogisticModel
    min_answerable: float = Field(ge=0, le=1, description="Abstain below this probability.")
    min_margin: float = Field(description="With the passage given: abstain below this margin.")
    enough_lead: float | None = Field(
        default=None,
        description="Reading ends at a candidate whose ordering score is so far above what "
        "retrieval promises of all passages that are unread.",
    )
    hope: LogisticModel | None = Field(
        default=None,
        description="How likely reading on brings the right answer, where what was read does not "
        "answer.",
    )
    least_hope: float = Field(
        default=0.01, ge=0, le=1, description="Reading ends where there is no more hope than this."
    )
    precision_thresholds: tuple[PrecisionThreshold, ...] = Field(
        default=(), description="By rising precision: what an operator can ask for."
    )
    min_confidence: float = Field(
        default=0.0, ge=0, le=1, description="Answers below it are not given."
    )

    @model_validator(mode="after")
    def _weights_are_of_features(self) -> Self:
        for model, known in _FEATURES.items():
            fitted: LogisticModel | None = getattr(self, model)
            unknown = sorted(fitted.weights.keys() - known) if fitted else ()
            if unknown:
                raise ValueError(
                    f"{model} weighs {', '.join(unknown)}, but the features are {', '.join(known)}"
                )
        return self

    def for_precision(self, target: float) -> Self:
        """Return the calibration that gives only answers of at least the target precision.

        Raises ModelError if no threshold is known to reach it.
        """
        reached = [one for one in self.precision_thresholds if one.precision >= target]
        if not reached:
            best = max((one.precision for one in self.precision_thresholds), default=0.0)
            raise ModelError(
                f"no threshold of this reader's calibration reaches a precision of {target:g}; "
                f"ask for at most {best:g}, or calibrate on more questions: {_CURE}"
            )
        return self.model_copy(update={"min_confidence": reached[0].min_confidence})

    @classmethod
    def load(cls, path: Path, *, reader_sha256: str) -> Self:
        """Read the calibration at `path` and check that it belongs to the reader.

        Raises ModelError if it is missing, malformed, or was fitted for another reader.
        """
        try:
            calibration = cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ModelError(f"cannot read {path}: {error.strerror}; {_CURE}") from error
        except ValidationError as error:
            raise ModelError(f"{path}: {first_mistake(error)}; {_CURE}") from error
        if calibration.reader_sha256 != reader_sha256:
            raise ModelError(f"{path} was fitted for another reader; {_CURE}")
        return calibration
