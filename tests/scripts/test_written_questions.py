"""Questions that a network writes: where it asks, how it writes, and what teachers make of it."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from scripts import ask_teachers, train_question_generator, write_questions
from scripts.evaluation.question_file import read_questions
from scripts.training.askable import askable_places, phrases
from scripts.training.features import Feature, FeatureMaker
from scripts.training.mix import feature_pools
from scripts.training.network import open_tokenizer
from scripts.training.question_generator import QuestionGenerator
from scripts.training.question_sets import TrainingQuestion
from scripts.training.run import Schedule, TrainingRun
from scripts.training.taught import part_path, read_part
from tests.scripts.training_examples import write_question_sets, write_small_reader

PASSAGE = (
    "Ada Lovelace wrote the first program in 1843. It was meant for the Analytical Engine, "
    "a machine that Charles Babbage had designed and never built."
)
ASKED = (
    ("Who wrote the first program?", "Ada Lovelace"),
    ("When was the first program written?", "1843"),
)


def question(asked: str, answer: str) -> TrainingQuestion:
    return TrainingQuestion(asked, PASSAGE, ((PASSAGE.index(answer), answer),))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "start"
    write_small_reader(folder, width=32, layers=2, places=96)
    return folder


@pytest.fixture(scope="module")
def tokenizer(start: Path) -> Tokenizer:
    return open_tokenizer(start)


@pytest.fixture(scope="module")
def asked(tokenizer: Tokenizer) -> list[tuple[Feature]]:
    maker = FeatureMaker(tokenizer, 64, near_miss_rate=0)
    pools = feature_pools([[question(*one) for one in ASKED]], maker, 1, change_rates={})
    return [(own,) for own, *_ in next(pools)]


@pytest.fixture(scope="module")
def trained(start: Path, asked: list[tuple[Feature]]) -> QuestionGenerator:
    generator = QuestionGenerator(start)
    run = TrainingRun(generator, Schedule(1e-2, 1, 10_000, 100), bf16=False)
    for _ in range(60):
        run.learn(generator.loss(asked), len(asked))
    return generator.eval()


def test_names_numbers_and_phrases_are_asked_about_and_link_words_are_not() -> None:
    found = [PASSAGE[start:end] for start, end in phrases(PASSAGE)]
    assert found == [
        "Ada Lovelace wrote", "first program", "1843", "meant", "Analytical Engine", "machine",
        "Charles Babbage", "designed", "never built",
    ]  # fmt: skip


@given(
    passage=st.text(max_size=200) | st.just(PASSAGE),
    seed=st.integers(0, 1000),
    taken=st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted),
)
@example(passage="0#0;b ", seed=3, taken=[0, 0])  # a clause that a space ends
def test_places_asked_about_overlap_neither_each_other_nor_those_taken(
    passage: str, seed: int, taken: list[int]
) -> None:
    places = list(askable_places(passage, [(taken[0], taken[1])], random.Random(seed)))
    for number, (start, end) in enumerate(places):
        assert passage[start:end].strip() == passage[start:end] != ""
        assert end <= taken[0] or taken[1] <= start
        assert all(end <= a or b <= start for a, b in places[:number])


def test_it_learns_to_ask_for_the_place_that_is_marked(
    trained: QuestionGenerator, asked: list[tuple[Feature]], tokenizer: Tokenizer
) -> None:
    drawn = trained.write(
        [own for (own,) in asked], torch.Generator().manual_seed(1), top_p=0.01, max_tokens=16
    )
    questions = [tokenizer.decode(ids).rstrip("? ") for ids in drawn]
    assert questions == [one.lower().rstrip("? ") for one, _ in ASKED]


def test_rows_of_other_lengths_beside_it_do_not_change_a_question(
    trained: QuestionGenerator, asked: list[tuple[Feature]]
) -> None:
    short = asked[0][0]
    longer_ids = np.concatenate([short.ids[:-1], short.ids[short.passage_start :][-20:]])
    longer = replace(short, ids=longer_ids)
    alone, beside = (
        trained.write(rows, torch.Generator().manual_seed(1), top_p=0.01, max_tokens=16)
        for rows in ([short], [short, longer])
    )
    assert alone[0] == beside[0] != []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "train"
    names = {*train_question_generator.SETS, *write_questions.SETS}
    write_question_sets(folder, names, [(PASSAGE, asked, answer) for asked, answer in ASKED])
    return folder


@pytest.fixture(scope="module")
def written(data: Path, start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the two commands, one after the other, make of the training sets."""
    out = tmp_path_factory.mktemp("written")
    network, file = out / "generator", out / "written.jsonl.gz"
    folders = ["--data", str(data), "--init", str(start), "--out", str(network)]
    schedule = ["--questions", "300", "--learning-rate", "1e-2", "--decay", "100", "--warmup", "1"]
    sizes = ["--batch-tokens", "256", "--max-tokens", "64"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["train_question_generator", *folders, *schedule, *sizes])
        train_question_generator.main()
    folders = ["--data", str(data), "--generator", str(network), "--out", str(file)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["write_questions", *folders, "--max-tokens", "64"])
        write_questions.main()
    return file


def test_what_is_written_is_a_question_set_about_places_not_asked_about(written: Path) -> None:
    questions = read_questions(written)
    assert 0 < len(questions) <= 4
    for one in questions:
        [answer] = one.references
        assert one.context == PASSAGE
        assert answer in PASSAGE
        assert answer not in ("Ada Lovelace", "1843")


def test_teachers_say_what_answers_a_written_question(
    written: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    folders = ["--generated", str(written), "--teacher", str(start), "--out", str(kept)]
    monkeypatch.setattr(sys, "argv", ["ask_teachers", *folders, "--max-tokens", "64"])
    ask_teachers.main()
    groups = read_part(part_path(kept, 0))
    assert len(groups) == len(read_questions(written))
    assert not part_path(kept, 1).exists()
    for [feature] in groups:
        assert feature.taught is not None
        assert feature.taught.shape == (2, len(feature.ids))


def test_all_written_questions_are_asked_where_no_number_is_given(
    written: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--generated", str(written), "--teacher", str(start), "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["ask_teachers", *given])
    assert ask_teachers.parse_options().questions is None
    monkeypatch.setattr(sys, "argv", ["ask_teachers", *given, "--questions", "5"])
    assert ask_teachers.parse_options().questions == 5


def feature(start: list[float], end: list[float]) -> tuple[Feature]:
    taught = np.array([start, end], dtype=np.float16)
    return (Feature(np.zeros(len(start), np.int32), 3, 0, 0, taught),)


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        pytest.param([0, 9, 0, 2, 0, 1, 0], [0, 9, 0, 0, 3, 0, 0], (3, 4), id="likeliest-span"),
        pytest.param([4, 0, 0, 2, 0, 1, 0], [4, 0, 0, 0, 3, 0, 0], (0, 0), id="no-answer"),
        pytest.param([0, 0, 0, 0, 2, 4, 0], [0, 0, 0, 5, 4, 0, 0], (4, 4), id="end-not-before"),
        pytest.param([0, 0, 0, 1, 0, 0, 9], [0, 0, 0, 1, 0, 0, 9], (3, 3), id="not-the-last-mark"),
    ],
)
def test_the_label_is_the_span_that_the_teachers_hold_likeliest(
    start: list[float], end: list[float], label: tuple[int, int]
) -> None:
    [labelled] = ask_teachers.labelled_as_read(feature(start, end))
    assert (labelled.start, labelled.end) == label
