"""Fit `calibration.json`: `python -m scripts.calibrate_reader --data DIR`.

Asks held-out questions of the whole product, over collections that hold the answer and over ones
that do not, large and small, and fits three logistic models to what came out. The questions are
those of the dev sets whose title falls in the calibration half (`in_calibration_half`);
`quoth evaluate read --half report` measures on the other half.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.build import Silent, build_index
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.generation import Generation, open_generation
from index.passages import PassageBudget
from index.retriever import HybridRetriever
from qa.ask import ReadPassage, read_passages
from qa.calibration import Calibration, LogisticModel
from qa.decide import Verdict, decide
from qa.filters import Filters
from qa.reader import SHIPPED_READER, OnnxReader
from qa.squad_metrics import exact_match, f1
from scripts.evaluation.collection import in_calibration_half, write_collection
from scripts.evaluation.question_file import KnownQuestion, read_questions

OPEN_SETS = ("squad1_dev_b", "qed_dev", "tydiqa_en_dev")
PASSAGE_GIVEN_SET = "squad2_dev_b"
PASSAGES = 20
# A candidate that shares this much of a reference is worth being ordered first.
_GOOD_F1 = 0.6


@dataclass(frozen=True, slots=True)
class Trial:
    """One question asked of a collection, and whether that collection holds its article."""

    question: KnownQuestion
    answerable: bool
    found: list[ReadPassage]


def run_trials(
    questions: Sequence[KnownQuestion],
    generation: Generation,
    retriever: HybridRetriever,
    reader: OnnxReader,
    *,
    seed: int,
) -> list[Trial]:
    """Ask each question once, of one of four collections that the seed chooses."""
    generator = random.Random(seed)
    titles = sorted({question.title for question in questions})
    everything = [article.article_id for article in generation.articles(after=None, limit=10**6)]
    trials = []
    for question in track(questions, "asking", console=Console(stderr=True)):
        others = [title for title in everything if title != question.title]
        kind = generator.choices(("all", "all but its own", "own", "few others"), (40, 25, 15, 20))
        wanted = {
            "all": None,
            "all but its own": tuple(others),
            "own": (question.title,),
            "few others": tuple(generator.sample([t for t in titles if t != question.title], 3)),
        }[kind[0]]
        found = retriever.retrieve(
            question.question, filters=Filters(article_ids=wanted), limit=PASSAGES
        )
        answerable = kind[0] in ("all", "own")
        read = read_passages(question.question, found, reader)
        trials.append(Trial(question, answerable, read))
    return trials


def fit(
    trials: Sequence[Trial], *, reader: OnnxReader, min_margin: float, note: str
) -> Calibration:
    """Fit the three models to the trials; the ordering first, for the others build on it."""
    blank = LogisticModel(weights=(1.0, 0.0, 0.0, 0.0), bias=0.0)
    flat = LogisticModel(weights=(0.0,) * 7, bias=0.0)
    draft = Calibration(
        reader_sha256=reader.fingerprint,
        fitted_on=note,
        order=blank,
        confidence=flat,
        answerable=flat,
        min_answerable=0.5,
        min_margin=min_margin,
    )
    candidates = [
        (place.features, f1(place.text, trial.question.references) >= _GOOD_F1)
        for trial in trials
        if trial.answerable
        for verdict in decide(trial.found, draft).verdicts
        for place in verdict.places[:1]
    ]
    ordered = draft.model_copy(update={"order": _logistic(candidates)})
    decisions = [(trial, decide(trial.found, ordered).verdicts) for trial in trials]
    answers = [
        (verdict.features, trial.answerable and _is_right(verdict, trial))
        for trial, verdicts in decisions
        for verdict in verdicts[:3]
    ]
    firsts = [(verdicts[0].features, trial.answerable) for trial, verdicts in decisions if verdicts]
    return ordered.model_copy(
        update={"confidence": _logistic(answers), "answerable": _logistic(firsts)}
    )


def best_margin(questions: Sequence[KnownQuestion], reader: OnnxReader) -> float:
    """Return the margin below which abstaining gives the best F1, with the passage given."""
    margins, gains = [], []
    for question in track(questions, "reading", console=Console(stderr=True)):
        span = reader.read(question.question, [question.context])[0][0]
        given = f1(question.context[span.start : span.end], question.references)
        margins.append(span.margin)
        gains.append(given - f1("", question.references))
    order = np.argsort(margins)[::-1]
    best = int(np.argmax(np.cumsum(np.array(gains)[order])))
    around = np.array(margins)[order][best : best + 2]
    return float(around.mean())


def report(trials: Sequence[Trial], calibration: Calibration) -> dict[str, float]:
    """Return how the calibration does on trials that it was not fitted on."""
    decisions = [(trial, decide(trial.found, calibration)) for trial in trials]
    answerable = [trial.answerable for trial, _ in decisions]
    right = np.array([
        trial.answerable and bool(d.verdicts) and _is_right(d.verdicts[0], trial)
        for trial, d in decisions
    ])  # fmt: skip
    confidence = np.array([d.verdicts[0].confidence if d.verdicts else 0.0 for _, d in decisions])
    probability = [d.answerable_probability for _, d in decisions]
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(
        decisions
    )
    held = [(trial, decision) for trial, decision in decisions if trial.answerable]
    given = np.array(probability) >= calibration.min_answerable
    return {
        "trials": len(trials),
        "first_answer_em": 100 * float(np.mean([_is_right(d.verdicts[0], t) for t, d in held])),
        "auroc_answerable": float(roc_auc_score(answerable, probability)),
        "expected_calibration_error": float(error),
        "abstains_where_it_should": float(np.mean(~given[~np.array(answerable)])),
        "answers_where_it_should": float(np.mean(given[np.array(answerable)])),
    }


def _is_right(verdict: Verdict, trial: Trial) -> bool:
    return exact_match(verdict.places[0].text, trial.question.references) == 1.0


def _logistic(rows: Sequence[tuple[object, bool]]) -> LogisticModel:
    features = np.array([astuple(row) for row, _ in rows])  # type: ignore[call-overload]
    labels = np.array([label for _, label in rows])
    spread = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features / spread, labels)
    weights = model.coef_[0] / spread
    return LogisticModel(
        weights=tuple(round(float(w), 6) for w in weights),
        bias=round(float(model.intercept_[0]), 6),
    )


def main() -> None:
    """Fit on three quarters of the trials, report on the last quarter, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the dev sets")
    parser.add_argument("--reader", type=Path, default=SHIPPED_READER, help="folder of the reader")
    parser.add_argument("--questions", type=int, default=400, help="questions from each set")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    reader = OnnxReader.load(options.reader, threads=options.threads)
    sets = {
        name: read_questions(options.data / f"{name}.jsonl.gz")
        for name in (*OPEN_SETS, PASSAGE_GIVEN_SET)
    }
    generator = random.Random(3)
    chosen: list[KnownQuestion] = []
    for name in OPEN_SETS:
        half = [question for question in sets[name] if in_calibration_half(question.title)]
        chosen += generator.sample(half, min(options.questions, len(half)))
    generator.shuffle(chosen)
    given = [q for q in sets[PASSAGE_GIVEN_SET] if in_calibration_half(q.title)]
    min_margin = best_margin(
        generator.sample(given, min(2 * options.questions, len(given))), reader
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "collection.jsonl"
        write_collection((q for name in OPEN_SETS for q in sets[name]), source)
        encoder = SentenceTransformerEncoder(DEFAULT_ENCODER)
        index_dir = Path(folder) / "index"
        build_index([source], index_dir, encoder=encoder, budget=PassageBudget(), progress=Silent())
        generation = open_generation(index_dir)
        retriever = HybridRetriever(generation, encoder)
        trials = run_trials(chosen, generation, retriever, reader, seed=5)
    cut = len(trials) * 3 // 4
    note = f"{cut} questions of {', '.join(OPEN_SETS)}, calibration half"
    calibration = fit(trials[:cut], reader=reader, min_margin=min_margin, note=note)
    path = options.reader / "calibration.json"
    path.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"written": path.name, **report(trials[cut:], calibration)}))


if __name__ == "__main__":
    main()
