"""The operator's questions as a gate: asked of the whole product, and scored as SQuAD does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from api.serving.loading import Models, load_models
from api.serving.serving import serve_generation
from api.settings import Settings
from index.generation.generation import Generation
from index.publishing.gate import ComparedQuestion, Comparison, Found
from qa.filters import Filters
from qa.question import Question
from qa.squad_metrics import exact_match, f1
from scripts.commands.gating_encoder import encoder_of
from scripts.evaluation.question_file import AskableText, read_question_lines

_ARTICLE_FOUND = "article found"


class RightAnswer(BaseModel):
    """One right answer; where it stands is not looked at."""

    text: str


class GateQuestion(BaseModel):
    """One line of the operator's file; no answers means that the articles do not answer.

    `article` is the id of the article that should be found for it. A line of a question set is
    one too: what else it holds is left out.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: AskableText
    answers: tuple[RightAnswer | str, ...]
    article: str | None = None

    @property
    def references(self) -> list[str]:
        """The texts of all right answers."""
        return [one if isinstance(one, str) else one.text for one in self.answers]


def read_gate_questions(path: Path) -> list[GateQuestion]:
    """Return the questions of a .jsonl or .jsonl.gz file; raises QuestionFileError."""
    needs = "a question needs question and answers, and may have article"
    return read_question_lines(path, GateQuestion, needs=needs)


@dataclass(frozen=True, slots=True)
class AnswersGate:
    """Asks the operator's questions of the whole product: retrieve, read, decide.

    What is scored is the answer that is given; where none is, the empty one. `source` names the
    file in messages.
    """

    questions: Sequence[GateQuestion]
    source: str
    settings: Settings

    def compare(self, served: Generation, candidate: Generation) -> Comparison:
        """Return what both answered; raises QuothError if one of them cannot be asked."""
        models = load_models(self.settings)
        before = self._found(served, models)
        now = self._found(candidate, models)
        return Comparison(
            asked=self.source,
            served=served.name,
            candidate=candidate.name,
            margin=self.settings.gate_margin,
            deciding=("EM", "F1", _ARTICLE_FOUND),
            questions=tuple(
                ComparedQuestion(one.question, " | ".join(one.references) or "no answer", *found)
                for one, *found in zip(self.questions, before, now, strict=True)
            ),
        )

    def _found(self, generation: Generation, models: Models) -> list[Found]:
        if models.encoder.fingerprint != generation.manifest.encoder.fingerprint:
            models = replace(models, encoder=encoder_of(generation.manifest.encoder))
        serving = serve_generation(generation, models)
        found = []
        for one in self.questions:
            outcome = serving.road.ask(Question(one.question, passages=self.settings.passages))
            answer = outcome.answers[0].text if outcome.answers else ""
            scores = {
                "EM": exact_match(answer, one.references),
                "F1": f1(answer, one.references),
                "answered": float(outcome.answered),
            }
            if one.article is not None:
                passages = serving.retriever.retrieve(
                    one.question, filters=Filters(), limit=self.settings.passages
                ).passages
                ids = {passage.passage.article_id for passage in passages}
                scores[_ARTICLE_FOUND] = float(one.article in ids)
            found.append(Found(answer or "no answer", scores))
        return found
