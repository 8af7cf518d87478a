"""The quality gate at the shell: the operator's questions, what is shown, and how it ends."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.settings import Settings
from index.generation.folders import aside_names, current_name
from index.generation.manifest import EncoderEntry
from index.publishing.gate import ComparedQuestion, Comparison, Found
from index.publishing.known_items import KnownItemGate
from qa.errors import ModelError
from scripts.commands.gating import gate_of, print_comparison
from scripts.commands.gating_answers import AnswersGate, read_gate_questions
from scripts.commands.gating_encoder import encoder_of
from scripts.evaluation.question_file import QuestionFileError

ROOT = Path(__file__).parent.parent.parent
ARTICLES = {
    "aalborg.txt": "The harbour of Aalborg has seven cranes.",
    "bergen.txt": "The harbour of Bergen was opened by Astrid Holm.",
    "ferry.txt": "The ferry leaves at noon.",
}
QUESTIONS: list[dict[str, Any]] = [
    {"question": "How many cranes does the harbour of Aalborg have?", "answers": ["seven"]},
    {
        "question": "Who opened the harbour of Bergen?",
        "answers": [{"text": "Astrid Holm", "answer_start": 3}],
        "article": "bergen",
    },
    {"question": "Who painted the lighthouse of Esbjerg?", "answers": []},
]


def quoth(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")}
    return subprocess.run(
        [sys.executable, "-m", "scripts.quoth", *map(str, arguments)],
        cwd=ROOT,
        env=kept | {"NO_COLOR": "1", "COLUMNS": "200", "PWD": str(cwd)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sources`, `questions.jsonl` and an `index` of the sources."""
    folder = tmp_path_factory.mktemp("gated")
    (folder / "sources").mkdir()
    for name, text in ARTICLES.items():
        (folder / "sources" / name).write_text(text)
    lines = [json.dumps(question) for question in QUESTIONS]
    (folder / "questions.jsonl").write_text("\n".join(lines))
    done = quoth("index", folder / "sources", "--index-dir", folder / "index", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def folder(built_once: Path, tmp_path: Path) -> Path:
    """A copy of it, which the test may write to."""
    return shutil.copytree(built_once, tmp_path / "gated")


def test_a_sync_that_loses_an_answer_is_held_back_shown_and_published_when_told_to(
    folder: Path,
) -> None:
    served = current_name(folder / "index")
    (folder / "sources" / "bergen.txt").write_text("The harbour of Bergen is closed.")
    command = ["index", folder / "sources", "--index-dir", folder / "index", "--mode", "sync"]
    command += ["--gate", folder / "questions.jsonl"]

    refused = quoth(*command, "--json", cwd=folder)
    assert refused.returncode == 4
    assert current_name(folder / "index") == served
    [aside] = aside_names(folder / "index")
    assert "Who opened the harbour of Bergen? (Astrid Holm): Astrid Holm → " in refused.stderr
    assert f"quoth gate {folder / 'index'} --publish" in refused.stderr
    assert aside in refused.stderr
    assert "Traceback" not in refused.stderr
    told = json.loads(refused.stdout)
    assert told["gate"]["totals"]["EM"][0] > told["gate"]["totals"]["EM"][1]
    assert told["gate"]["totals"]["article found"] == [1.0, 1.0]
    assert len(told["gate"]["questions"]) == len(QUESTIONS)

    shown = quoth("gate", folder / "index", "--questions", folder / "questions.jsonl", cwd=folder)
    assert shown.returncode == 4
    assert "Astrid Holm → " in shown.stdout
    assert f"quoth gate {folder / 'index'} --publish" in shown.stdout
    verified = quoth("verify", folder / "index", cwd=folder).stdout
    assert f"aside: {aside}" in verified
    assert f"quoth gate {folder / 'index'} --drop" in verified

    published = quoth(*command, "--publish-anyway", "--json", cwd=folder)
    assert published.returncode == 0
    report = json.loads(published.stdout)
    assert (report["encoded"], report["changed"]) == (0, 1)
    assert report["gate"]["totals"] == told["gate"]["totals"]
    assert current_name(folder / "index") == report["generation"] != served
    assert aside_names(folder / "index") == []


def test_an_article_that_is_not_found_any_more_is_held_back_where_a_question_names_it(
    folder: Path,
) -> None:
    bergen = folder / "sources" / "bergen.txt"
    bergen.rename(bergen.with_name("copy-of-bergen.txt"))
    done = quoth(
        *("index", folder / "sources", "--index-dir", folder / "index"),
        *("--gate", folder / "questions.jsonl"),
        cwd=folder,
    )
    assert done.returncode == 4
    assert "article found from 1.000 to 0.000 fell by more than the margin" in done.stderr


def test_what_was_refused_is_published_or_dropped_by_the_commands_that_are_told(
    folder: Path,
) -> None:
    (folder / "sources" / "bergen.txt").write_text("The harbour of Bergen is closed.")
    command = ["index", folder / "sources", "--index-dir", folder / "index"]
    command += ["--gate", folder / "questions.jsonl"]
    assert quoth(*command, cwd=folder).returncode == 4
    dropped = quoth("gate", folder / "index", "--drop", cwd=folder)
    assert (dropped.returncode, dropped.stderr) == (0, "")
    assert dropped.stdout.startswith("dropped 20")
    assert aside_names(folder / "index") == []
    nothing = quoth("gate", folder / "index", "--publish", cwd=folder)
    assert nothing.returncode == 1
    assert "there is nothing kept aside" in nothing.stderr

    assert quoth(*command, cwd=folder).returncode == 4
    published = quoth("gate", folder / "index", "--publish", "--json", cwd=folder)
    assert (published.returncode, published.stderr) == (0, "")
    report = json.loads(published.stdout)
    assert (report["encoded"], report["changed"], report["articles"]) == (0, 1, 3)
    assert current_name(folder / "index") == report["generation"]
    assert aside_names(folder / "index") == []


def test_questions_that_cannot_be_read_are_a_wrong_argument(tmp_path: Path) -> None:
    done = quoth("gate", tmp_path, "--questions", tmp_path / "absent.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot read ")


def test_to_publish_and_to_drop_exclude_each_other(tmp_path: Path) -> None:
    done = quoth("gate", tmp_path, "--publish", "--drop", cwd=tmp_path)
    assert done.returncode == 2
    assert "exclude each other" in done.stderr


def test_two_generations_are_compared_by_words_of_the_articles(folder: Path) -> None:
    (folder / "sources" / "ferry.txt").write_text("The ferry leaves at one.")
    done = quoth("index", folder / "sources", "--index-dir", folder / "index", cwd=folder)
    assert done.returncode == 0
    assert "gate        recall@20 1.000 → 1.000 (2 questions)" in done.stdout
    shown = quoth("gate", folder / "index", "--json", cwd=folder)
    assert shown.returncode == 0
    assert json.loads(shown.stdout)["totals"]["recall@20"] == [1.0, 1.0]


def test_questions_are_read_as_question_sets_have_them_packed_or_not(tmp_path: Path) -> None:
    line = {"id": "1", "title": "T", "context": "It is red."} | QUESTIONS[1]
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n\n")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.write(json.dumps(line))
    [one] = read_gate_questions(tmp_path / "a.jsonl")
    assert read_gate_questions(tmp_path / "a.jsonl.gz") == [one]
    assert (one.references, one.article) == (["Astrid Holm"], "bergen")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "holds no question", id="empty"),
        pytest.param('{"question": "Who?"}', "line 1: answers: Field required", id="no-answers"),
        pytest.param('\n{"question": " ", "answers": []}', "line 2: question: ", id="not-asked"),
        pytest.param("{", "line 1: the line: ", id="no-json"),
    ],
)
def test_a_file_that_cannot_be_asked_is_named_with_line_and_field(
    tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "q.jsonl").write_text(content)
    with pytest.raises(QuestionFileError) as caught:
        gate_of(Settings(gate=tmp_path / "q.jsonl"))
    assert said in str(caught.value)


def test_the_settings_choose_the_gate(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(QUESTIONS[0]))
    assert isinstance(gate_of(Settings()), KnownItemGate)
    assert isinstance(gate_of(Settings(gate=tmp_path / "q.jsonl")), AnswersGate)


def test_a_generation_whose_encoder_is_another_now_cannot_be_compared() -> None:
    entry = EncoderEntry(name="all-MiniLM-L6-v2", fingerprint="another", dimension=384)
    with pytest.raises(ModelError, match="--no-gate"):
        encoder_of(entry)


def test_of_many_questions_the_first_that_changed_are_shown_and_the_others_counted() -> None:
    def found(right: bool) -> Found:
        return Found("seven" if right else "no answer", {"EM": float(right)})

    questions = [
        ComparedQuestion(f"Question {n}?", "seven", found(True), found(n < 10)) for n in range(40)
    ]
    console = Console(record=True, width=200)
    print_comparison(Comparison("a file", "old", "new", 0.05, ("EM",), tuple(questions)), console)
    shown = console.export_text()
    assert "EM             1.000  0.250  may fall by 0.05, and did by more" in shown
    assert shown.count("seven → no answer") == 20
    assert "and 10 more" in shown
    assert "Question 9?" not in shown
