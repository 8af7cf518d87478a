"""What `quoth evaluate read` reads, measures and prints."""

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.reading.reader import OnnxReader, PassageSpan
from scripts.evaluation.collection import Half
from scripts.evaluation.question_file import (
    KnownQuestion,
    QuestionFileError,
    Reference,
    read_questions,
)
from scripts.evaluation.reading import Scores, question_type, read_all
from scripts.quoth import app

BELARUS = "The longtime dictator of Belarus is Alexander Lukashenko."


def line(number: int, **changes: object) -> dict[str, object]:
    question = {
        "id": f"q{number}",
        "title": "Belarus",
        "context": BELARUS,
        "question": "Who is the longtime dictator of Belarus?",
        "answers": [{"text": "Alexander Lukashenko", "answer_start": 36}],
    }
    return question | changes


def write(path: Path, lines: Sequence[object]) -> Path:
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    path.write_text(text, encoding="utf-8")
    return path


# Question files


def test_questions_are_read_in_order_and_blank_lines_and_other_keys_are_passed_over(
    tmp_path: Path,
) -> None:
    path = tmp_path / "data.jsonl"
    lines = [json.dumps(line(1, split="dev")), "", json.dumps(line(2, answers=[]))]
    path.write_text("\n".join(lines), encoding="utf-8")
    questions = read_questions(path)
    assert [question.id for question in questions] == ["q1", "q2"]
    assert [question.references for question in questions] == [["Alexander Lukashenko"], []]


def test_a_compressed_file_holds_the_same_questions(tmp_path: Path) -> None:
    plain = write(tmp_path / "data.jsonl", [line(1), line(2)])
    packed = tmp_path / "data.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_questions(packed) == read_questions(plain)


@pytest.mark.parametrize("name", ["data.jsonl", "data.jsonl.gz"])
def test_a_byte_order_mark_is_no_part_of_the_first_question(tmp_path: Path, name: str) -> None:
    marked = b"\xef\xbb\xbf" + json.dumps(line(1)).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(marked) if path.suffix == ".gz" else marked)
    assert [question.id for question in read_questions(path)] == ["q1"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param(line(2, context=None), "context", id="wrong-type"),
        pytest.param({"id": "q2", "question": "?", "answers": []}, "context", id="missing"),
        pytest.param(line(2, answers="Lukashenko"), "answers", id="answers-not-a-list"),
        pytest.param(
            line(2, answers=[{"text": "x", "answer_start": 0}, {"answer_start": 0}]),
            "answers.1.text",
            id="inside-the-second-answer",
        ),
        pytest.param(
            line(2, answers=[{"text": "x", "answer_start": -1}]),
            "answers.0.answer_start",
            id="negative-offset",
        ),
        pytest.param(line(2, question=" \n"), "question", id="asks-nothing"),
        pytest.param(line(2, question="why " * 501), "question", id="too-long"),
        pytest.param([1, 2], "the line", id="not-an-object"),
    ],
)
def test_a_wrong_line_is_refused_with_file_line_field_and_what_a_question_needs(
    tmp_path: Path, wrong: object, field: str
) -> None:
    path = write(tmp_path / "data.jsonl", [line(1), wrong, line(3)])
    with pytest.raises(QuestionFileError) as caught:
        read_questions(path)
    assert str(caught.value).startswith(f"{path} line 2: {field}: ")
    assert "a question needs id, context, question and answers" in str(caught.value)


def test_a_line_that_is_no_json_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("\n{'id': 1}\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"data\.jsonl line 2: the line: Invalid JSON"):
        read_questions(path)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"data\.jsonl holds no question"):
        read_questions(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("absent.jsonl", None, id="missing"),
        pytest.param("data.jsonl", b"\xff\xfe", id="not-utf-8"),
        pytest.param("data.jsonl.gz", b"not gzip", id="not-gzip"),
        pytest.param("data.jsonl.gz", gzip.compress(b"{}" * 99)[:-9], id="cut-off"),
        pytest.param("data.jsonl.gz", gzip.compress(b"")[:10] + b"\xff" * 20, id="damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QuestionFileError, match=f"cannot read {path}: "):
        read_questions(path)


def test_a_file_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(QuestionFileError) as caught:
        read_questions(path)
    assert str(caught.value) == f"cannot read {path}: No such file or directory"


def test_a_limit_draws_the_same_questions_every_time_and_keeps_their_order(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [line(number) for number in range(50)])
    drawn = [question.id for question in read_questions(path, limit=10)]
    assert drawn == [question.id for question in read_questions(path, limit=10)]
    numbers = [int(name.removeprefix("q")) for name in drawn]
    assert len(set(numbers)) == 10
    assert numbers == sorted(numbers)
    assert len(read_questions(path, limit=50)) == len(read_questions(path, limit=99)) == 50


# Measures


class FixedReader:
    """Gives for each context the answer and margin that it was told, and no span for others."""

    def __init__(self, told: dict[str, tuple[str, float]]) -> None:
        self._told = told

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        return [self._spans(passage) for passage in passages]

    def _spans(self, passage: str) -> list[PassageSpan]:
        if passage not in self._told:
            return []
        part, margin = self._told[passage]
        start = passage.index(part)
        return [PassageSpan(start, start + len(part), 2 + margin, 2)]


FOX = {"text": "red fox", "answer_start": 8}


@pytest.fixture
def five_questions(tmp_path: Path) -> Path:
    return write(
        tmp_path / "foxes.jsonl",
        [
            line(1, context="Was it a red fox?", answers=[FOX]),
            line(2, context="See the red fox cub run.", answers=[FOX]),
            line(3, context="A red fox, said nobody.", answers=[FOX]),
            line(4, context="It was a blue fox.", answers=[]),
            line(5, context="It was a green fox.", answers=[]),
        ],
    )


FOX_READER = FixedReader(
    {
        "Was it a red fox?": ("a red fox?", 1.0),
        "See the red fox cub run.": ("red fox cub", 3.0),
        "It was a blue fox.": ("blue fox", 0.9),
        "It was a green fox.": ("green fox", 1.5),
    }
)


def test_scores_are_those_worked_out_by_hand_with_answerable_and_unanswerable_apart(
    five_questions: Path,
) -> None:
    results = read_all(
        read_questions(five_questions), FOX_READER, min_margin=1.0, on_result=lambda: None
    )
    # A margin of 1 is enough, one of 0.9 is not, and where there is no span nothing is answered.
    assert [r.prediction for r in results] == ["a red fox?", "red fox cub", "", "", "green fox"]
    # The cub: two words shared of three predicted and two expected.
    assert [r.exact_match for r in results] == [1, 0, 0, 1, 0]
    assert [r.f1 for r in results] == pytest.approx([1, 0.8, 0, 1, 0])
    answerable = Scores.of(r for r in results if r.question.answers)
    unanswerable = Scores.of(r for r in results if not r.question.answers)
    overall = Scores.of(results)
    assert answerable is not None
    assert unanswerable is not None
    assert overall is not None
    assert (answerable.count, unanswerable.count, overall.count) == (3, 2, 5)
    assert (answerable.em, answerable.f1) == pytest.approx((100 / 3, 60))
    assert (unanswerable.em, unanswerable.f1) == pytest.approx((50, 50))
    assert (overall.em, overall.f1) == pytest.approx((40, 56))


def test_tables_are_looked_up_as_on_a_questions_road() -> None:
    context = "Ticket | Low season | High season\nAdult | £6.50 | £8.20\nChild | £3.80 | £4.90"
    question = KnownQuestion(
        id="q",
        title="The lido",
        context=context,
        question="How much is an adult ticket in the high season?",
        answers=(Reference(text="£8.20", answer_start=context.index("£8.20")),),
    )
    told = "The lido. For Ticket Adult, High season is £8.20."
    reader = FixedReader({context: ("£4.90", 9.0), told: ("£8.20", 5.0)})
    (result,) = read_all([question], reader, min_margin=None, on_result=lambda: None)
    assert (result.prediction, result.margin) == ("£8.20", 5.0)


def test_without_a_least_margin_every_span_is_an_answer(five_questions: Path) -> None:
    counted: list[int] = []
    results = read_all(
        read_questions(five_questions),
        FOX_READER,
        min_margin=None,
        on_result=lambda: counted.append(1),
    )
    assert [result.prediction for result in results][3:] == ["blue fox", "green fox"]
    assert len(counted) == 5


def test_the_scores_of_no_results_are_none() -> None:
    assert Scores.of([]) is None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won?", "who"),
        ("To whom did it belong?", "who"),
        ("Whose cup is it?", "who"),
        ("How many came?", "how many"),
        ("About how much was it?", "how much"),
        ("How did it end?", "how"),
        ("In which town was it?", "which"),
        ("What is it?", "what"),
        ("Show the whole list.", "other"),
    ],
)
def test_questions_are_told_apart_by_their_question_word(question: str, kind: str) -> None:
    assert question_type(question) == kind


# The command


def evaluate(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["evaluate", "read", *arguments])
    assert result.exit_code == 0, result.output
    last: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return last


def test_the_command_ends_with_one_line_of_json_that_has_the_scores(
    tmp_path: Path, reader: OnnxReader
) -> None:
    path = write(tmp_path / "small.jsonl", [line(1), line(2, question="Who rules Belarus?")])
    found = evaluate("--data", str(path))
    assert {key: found[key] for key in ("task", "command", "questions", "em", "f1")} == {
        "task": "read",
        "command": "quoth evaluate read --data small.jsonl",
        "questions": 2,
        "em": 100.0,
        "f1": 100.0,
    }
    assert found["abstaining"] is False
    assert found["reader_sha256"] == reader.fingerprint
    assert found["answerable"] == found["who"] == {"questions": 2, "em": 100.0, "f1": 100.0}
    assert "unanswerable" not in found


def test_the_command_reports_answerable_and_unanswerable_questions_apart(tmp_path: Path) -> None:
    unanswerable = line(2, context="It rained.", answers=[])
    found = evaluate("--data", str(write(tmp_path / "small.jsonl", [line(1), unanswerable])))
    assert found["abstaining"] is True
    parts = [found["answerable"], found["unanswerable"]]
    assert [part["questions"] for part in parts if isinstance(part, dict)] == [1, 1]
    means = [part["em"] for part in parts if isinstance(part, dict)]
    assert found["em"] == pytest.approx(sum(means) / 2)


def test_whether_it_may_abstain_is_decided_by_the_whole_file_not_by_the_sample(
    tmp_path: Path,
) -> None:
    lines = [line(number) for number in range(20)]
    for place in (0, 19):
        changed = [line(n, answers=[]) if n == place else one for n, one in enumerate(lines)]
        path = write(tmp_path / f"{place}.jsonl", changed)
        found = evaluate("--data", str(path), "--limit", "1")
        assert (found["questions"], found["abstaining"]) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--data", "absent.jsonl"], "absent.jsonl", id="no-such-data"),
        pytest.param(
            ["--data", "small.jsonl", "--reader", "absent"], "reader.json", id="no-such-reader"
        ),
    ],
)
def test_a_missing_file_ends_the_command_with_one_line_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    write(tmp_path / "small.jsonl", [line(1)])
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["evaluate", "read", *arguments])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: cannot read ")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_two_halves_share_no_title_and_leave_none_out() -> None:
    titles = [f"title {number}" for number in range(200)]
    calibration = {title for title in titles if Half.CALIBRATION.holds(title)}
    report = {title for title in titles if Half.REPORT.holds(title)}
    assert calibration | report == set(titles)
    assert not calibration & report
    assert all(Half.ALL.holds(title) for title in titles)
    assert 70 < len(report) < 130
