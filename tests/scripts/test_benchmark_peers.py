"""Other systems: the same weights as floats, the protocol with a runner, and the scores."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from qa.reading.reader import READ_AT_ONCE
from qa.reading.reader_folder import SHIPPED_READER
from scripts.peers.comparison import PeerQuestion, ask_in_turn, score_system, time_ratio
from scripts.peers.dequantize import TOLERANCE, write_float_model
from scripts.peers.lines import PeerError
from scripts.peers.protocol import Answered, Ready, Setup
from scripts.peers.quoth_runner import prepare
from scripts.peers.runner import running

SETUP = Setup(
    "passages.jsonl", "index", "reader", "reader.onnx", "float", "encoder", depth=7, threads=1
)


def answered(text: str, milliseconds: float, *, score: float = 0.5) -> Answered:
    return Answered(text, confidence=score, answerable=score, milliseconds=milliseconds)


class FakeSystem:
    """Says what it is told to say, in order."""

    ready = Ready({"package": "1.0"}, ["one setting"], 1.25)

    def __init__(self, name: str, asked: list[str], answers: list[Answered]) -> None:
        self._name, self._asked, self._answers = name, asked, iter(answers)

    def answer(self, question: str) -> Answered:
        self._asked.append(f"{self._name} {question}")
        return next(self._answers)

    def resident_mib(self) -> int:
        return 700


# The weights


def test_the_weights_as_floats_give_the_logits_of_the_shipped_file(tmp_path: Path) -> None:
    assert write_float_model(SHIPPED_READER, tmp_path) <= TOLERANCE
    theirs = AutoTokenizer.from_pretrained(tmp_path)
    ours = Tokenizer.from_file(str(SHIPPED_READER / "tokenizer.json"))
    pair = ("Who likes Łódź's café?", "The cat's Über 3.5% — (naïve) ok.")
    assert theirs(*pair)["input_ids"] == ours.encode(*pair).ids
    assert theirs(*pair)["token_type_ids"] == ours.encode(*pair).type_ids
    assert theirs.model_max_length == 512


# The protocol

FAKE_RUNNER = """
import sys
from scripts.peers.lines import PeerError
from scripts.peers.protocol import Answer, Setup, serve

class Fake:
    packages = ("pytest",)
    configuration = ["a fake"]
    def __init__(self, setup): self.setup = setup
    def answer(self, question):
        print("what a library prints")
        if question == "break":
            raise RuntimeError("broken as asked")
        return Answer(f"{question} é {self.setup.depth}", 0.25, 0.75)

serve(Fake)
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A runner module; returns its name."""
    (tmp_path / "fake_runner.py").write_text(FAKE_RUNNER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "fake_runner"


def test_a_runner_answers_line_by_line_whatever_its_libraries_print(fake: str) -> None:
    with running(Path(sys.executable), fake, [], SETUP) as runner:
        assert runner.ready.configuration == ["a fake"]
        assert runner.ready.versions == {"pytest": pytest.__version__}
        first, second = runner.answer("Łódź?\n"), runner.answer("again")
        assert (first.text, first.confidence, first.answerable) == ("Łódź?\n é 7", 0.25, 0.75)
        assert second.text == "again é 7"
        assert second.milliseconds > 0
        assert runner.resident_mib() > 0


def test_a_runner_that_ends_is_an_error_with_what_it_said(fake: str) -> None:
    with (
        pytest.raises(PeerError, match="broken as asked"),
        running(Path(sys.executable), fake, [], SETUP) as runner,
    ):
        runner.answer("break")


def test_a_runner_that_does_not_start_is_an_error_with_what_it_said() -> None:
    with (
        pytest.raises(PeerError, match="No module named"),
        running(Path(sys.executable), "no_such_runner", [], SETUP),
    ):
        pass


def test_quoth_reads_all_passages_where_that_is_asked(index_dir: Path) -> None:
    setup = replace(SETUP, index_dir=str(index_dir), reader=str(SHIPPED_READER), depth=14)
    as_shipped, everything = (prepare(setup, read_all=read_all) for read_all in (False, True))
    question = "Who is the longtime dictator of Belarus?"
    assert as_shipped.answer(question).passages_read == READ_AT_ONCE
    assert everything.answer(question).passages_read == 14
    assert as_shipped.configuration != everything.configuration


# The comparison


def test_systems_are_asked_in_turn_and_the_first_one_changes() -> None:
    asked: list[str] = []
    systems = {n: FakeSystem(n, asked, [answered("", 1.0)] * 2) for n in ("quoth", "other")}
    questions = [PeerQuestion("one", ("x",), True), PeerQuestion("two", ("x",), True)]
    ask_in_turn(systems, questions, on_question=lambda: None, pause_s=0)
    assert asked == ["quoth one", "other one", "other two", "quoth two"]


def test_an_answer_to_what_the_passages_do_not_hold_is_wrong_but_does_not_lower_em() -> None:
    questions = [PeerQuestion("a", ("Lisbon",), True), PeerQuestion("b", ("Oslo",), False)]
    answers = {
        "quoth": [answered("Lisbon", 10.0, score=0.75), answered("Oslo", 10.0, score=0.25)],
        "other": [answered("the Lisbon", 30.0, score=1.0), answered("Oslo", 20.0, score=1.0)],
    }
    system = FakeSystem("quoth", [], [])
    ours = score_system("quoth", system, answers, questions)
    theirs = score_system("other", system, answers, questions)
    assert (ours.em, ours.auroc, ours.times_of_quoth) == (100.0, 1.0, None)
    assert ours.calibration_error == pytest.approx(0.25)
    assert (theirs.em, theirs.auroc, theirs.calibration_error) == (100.0, 0.5, 0.5)
    assert theirs.times_of_quoth is not None
    assert theirs.times_of_quoth.median == 2.5


def test_each_system_is_compared_with_quoth_as_shipped_and_with_quoth_reading_all() -> None:
    questions = [PeerQuestion("a", ("x",), True), PeerQuestion("b", ("x",), False)]
    reading = replace(answered("x", 10.0), passages_read=4)
    answers = {
        "quoth": [reading, replace(reading, passages_read=8)],
        "quoth-read-all": [answered("x", 40.0)] * 2,
        "other": [answered("x", 80.0)] * 2,
    }
    ours, reading_all, theirs = (
        score_system(name, FakeSystem(name, [], []), answers, questions) for name in answers
    )
    ratios = [
        [None if ratio is None else ratio.median for ratio in pair]
        for pair in (
            (one.times_of_quoth, one.times_of_quoth_reading_all)
            for one in (ours, reading_all, theirs)
        )
    ]
    assert ratios == [[None, 0.25], [4.0, None], [8.0, 2.0]]
    assert (ours.passages_read, theirs.passages_read) == (6.0, None)


def test_a_ratio_is_the_median_of_ratios_and_not_the_ratio_of_medians() -> None:
    theirs = [answered("", 10.0), answered("", 20.0), answered("", 900.0)]
    ours = [answered("", 10.0), answered("", 40.0), answered("", 300.0)]
    ratio = time_ratio(theirs, ours)
    assert (ratio.median, ratio.low, ratio.high) == (1.0, 0.5, 3.0)
