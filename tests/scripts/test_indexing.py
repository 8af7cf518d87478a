"""`quoth index` and `scripts/rebuild_index.py` as a shell sees them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.build import build_index
from index.dense.kinds import DEFAULT_BUDGET_MIB, Wanted
from index.generation.generation import open_generation
from index.generation.locks import building_lock
from index.publishing.removal import RemovalLimit
from index.splitting.passages import PassageBudget
from scripts.command_line.exit_code import ExitCode
from scripts.commands.indexing import run_indexing
from scripts.quoth import app
from tests.index.fake_encoder import AxisEncoder, write_files

ROOT = Path(__file__).parent.parent.parent
QUOTH = [sys.executable, "-m", "scripts.quoth", "index"]
SCRIPT = [sys.executable, str(ROOT / "scripts" / "rebuild_index.py")]


def run(
    command: Sequence[str], *arguments: object, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


# As real processes; loading the encoder takes seconds.


def test_the_seed_article_is_indexed_and_summed_up_as_json(tmp_path: Path) -> None:
    place = tmp_path / "an index"
    done = run(QUOTH, ROOT / "seeds", "--index-dir", place, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["articles"], report["skipped"]) == (1, [])
    assert report["generation"] == open_generation(place).name
    assert (
        report["encoded"] == report["passages"] == open_generation(place).tables.counts().passages
    )


def test_the_script_runs_from_any_folder_and_names_what_it_skipped(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "good.txt": "A cat.",
        "empty.txt": b"",
        "latin1.md": b"caf\xe9",
        "binary.txt": b"\x7fELF\0",
        "photo.jpg": b"\xff\xd8",
        "rows.jsonl": '{"text": "A ship."}\n{"text": 5}',
    }
    write_files(tmp_path / "sources", sources)
    done = run(SCRIPT, "sources", "--index-dir", "index", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    report = json.loads(done.stdout)
    assert report["articles"] == 2
    assert {skip["where"]: skip["reason"].split(";")[0] for skip in report["skipped"]} == {
        "binary.txt": "is binary, with a NUL at byte 4",
        "empty.txt": "the text is empty",
        "latin1.md": "is not UTF-8 at byte 3 (0xe9)",
        "photo.jpg": "unknown kind of file",
        "rows.jsonl line 2": (
            "field 'text': met 5 (a number), expected a string with the article's text"
        ),
    }


@pytest.mark.parametrize(
    ("command", "arguments", "named"),
    [
        pytest.param(QUOTH, [], "SOURCE", id="no-source"),
        pytest.param(SCRIPT, [], "SOURCE", id="no-source-for-the-script"),
        pytest.param(QUOTH, ["seeds"], "--index-dir", id="no-index"),
        pytest.param(
            QUOTH,
            ["seeds", "--index-dir", "x", "--passage-tokens", "7"],
            "'--passage-tokens'",
            id="passage-too-short",
        ),
        pytest.param(
            SCRIPT,
            ["seeds", "--index-dir", "x", "--passage-tokens", "40", "--overlap-tokens", "20"],
            "an overlap of 20 tokens",
            id="too-much-overlap",
        ),
    ],
)
def test_wrong_arguments_end_with_two_and_name_the_mistake(
    command: list[str], arguments: list[str], named: str
) -> None:
    done = run(command, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="tells niceness by what Linux says")
def test_a_build_leaves_the_cores_to_the_service_of_its_index(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("20260101T000000.000000Z\n")
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    # It waits for the lock, so that there is time to look.
    with building_lock(tmp_path / "index"):
        command = [*QUOTH, str(ROOT / "seeds"), "--index-dir", str(tmp_path / "index")]
        building = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            while os.getpriority(os.PRIO_PROCESS, building.pid) == usual:
                assert building.poll() is None, "it has ended and never gave way"
                time.sleep(0.01)
            assert os.getpriority(os.PRIO_PROCESS, building.pid) == min(usual + 10, 19)
        finally:
            building.kill()
            building.wait()


# In this process, with a fake encoder.


@pytest.fixture(autouse=True)
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = "scripts.commands.indexing.SentenceTransformerEncoder"
    monkeypatch.setattr(loader, lambda _: AxisEncoder())


def index(
    *sources: Path,
    index_dir: Path,
    as_json: bool = False,
    limit: RemovalLimit | None = None,
    dry_run: bool = False,
) -> ExitCode:
    build = partial(
        build_index, sources, index_dir, budget=PassageBudget(), limit=limit, dry_run=dry_run
    )
    return run_indexing(build, index_dir, encoder="axes", as_json=as_json)


def error_of(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on standard error; nothing else was printed."""
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    return printed.err.removeprefix("error: ").rstrip("\n")


def test_a_whole_index_ends_with_zero_and_a_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", "b.txt": "A ship. It sails."})
    assert index(sources, index_dir=tmp_path / "index") is ExitCode.OK
    printed = capsys.readouterr()
    lines = dict(line.split(None, 1) for line in printed.out.splitlines())
    assert (lines["articles"], lines["sentences"], lines["skipped"]) == ("2", "3", "0")
    assert lines["passages"] == "2 (2 encoded, 0 reused)"
    assert printed.err == ""


def test_a_long_path_stays_on_one_line_of_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat."})
    place = tmp_path / ("long " * 20) / "index"
    index(sources, index_dir=place)
    assert capsys.readouterr().out.splitlines()[0] == f"index       {place}"


def test_a_second_run_reuses_what_was_encoded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", "b.txt": "A ship."})
    index(sources, index_dir=tmp_path / "index")
    index(sources, index_dir=tmp_path / "index")
    assert "2 (0 encoded, 2 reused)" in capsys.readouterr().out


def test_sources_that_lost_much_end_with_four_until_told_to_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files: dict[str, str | bytes] = {f"a{n:02}.txt": f"A cat, number {n}." for n in range(40)}
    sources = write_files(tmp_path / "sources", files)
    index(sources, index_dir=tmp_path / "index")
    for n in range(25):
        (sources / f"a{n:02}.txt").unlink()
    capsys.readouterr()
    limit = RemovalLimit()
    code = index(sources, index_dir=tmp_path / "index", limit=limit, dry_run=True)
    assert code is ExitCode.NOT_PUBLISHED
    assert "refused" in capsys.readouterr().out
    code = index(sources, index_dir=tmp_path / "index", limit=limit)
    assert code is ExitCode.NOT_PUBLISHED
    error = error_of(capsys)
    assert "no longer hold 25 of the 40 articles" in error
    assert "--most-removed 1" in error
    assert index(sources, index_dir=tmp_path / "index", limit=RemovalLimit(1.0)) is ExitCode.OK
    printed = capsys.readouterr().out
    assert "25 removed, 15 unchanged" in printed
    assert "  removed a00\n" in printed
    assert "  and 5 more; " in printed


def test_an_option_that_is_not_given_is_as_the_index_has_it(tmp_path: Path) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat."})
    place = tmp_path / "index"
    command = ["index", str(sources), "--index-dir", str(place), "--encoder", "axes", "--no-gate"]

    def settings(*options: str) -> tuple[object, ...]:
        done = CliRunner().invoke(app, [*command, *options])
        assert done.exit_code == 0, done.output
        manifest = open_generation(place).manifest
        vectors, passages = manifest.base.vectors.settings, manifest.passages
        return vectors.kind, vectors.memory_budget_mib, passages.max_tokens, passages.overlap

    first = settings("--vector-index", "exact", "--passage-tokens", "64", "--overlap-tokens", "9")
    assert first == (Wanted.EXACT, DEFAULT_BUDGET_MIB, 64, 9)
    later = settings("--mode", "sync", "--memory-budget", "99", "--passage-tokens", "60")
    assert later == (Wanted.EXACT, 99, 60, 9)


def test_a_dry_run_names_what_is_wrong_of_the_gate_s_questions(tmp_path: Path) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", "gate.jsonl": "no JSON"})
    options = ["--dry-run", "--gate", str(sources / "gate.jsonl")]
    command = ["index", str(sources / "a.txt"), "--index-dir", str(tmp_path / "index"), *options]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "gate.jsonl line 1" in done.stderr


def test_skipped_files_end_with_three_and_are_named_as_they_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["x [red].txt", "y:smile:.txt", "z\\[b].txt"]
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", **dict.fromkeys(names, "")})
    assert index(sources, index_dir=tmp_path / "index") is ExitCode.SOME_SKIPPED
    printed = capsys.readouterr().out.splitlines()
    reason = "the text is empty; add some, or remove the article"
    assert printed[-3:] == [f"  skipped {name}: {reason}" for name in names]


def test_of_many_skipped_files_the_first_twenty_are_shown_and_all_are_in_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = {f"e{number:02}.txt": "" for number in range(25)}
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", **empty})
    index(sources, index_dir=tmp_path / "index")
    printed = capsys.readouterr().out
    assert printed.count("  skipped e") == 20
    assert "  and 5 more; --json lists all" in printed
    index(sources, index_dir=tmp_path / "index", as_json=True)
    assert len(json.loads(capsys.readouterr().out)["skipped"]) == 25


def test_an_unreadable_file_is_skipped_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat."})
    (sources / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(sources / "pipe.txt")
    assert index(sources, index_dir=tmp_path / "index", as_json=True) is ExitCode.SOME_SKIPPED
    skipped = json.loads(capsys.readouterr().out)["skipped"]
    assert [skip["where"] for skip in skipped] == ["gone.txt", "pipe.txt"]
    assert "No such file" in skipped[0]["reason"]
    assert "not a regular file" in skipped[1]["reason"]


def test_nothing_to_index_is_one_line_with_the_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "", "b.exe": "x"})
    assert index(sources, index_dir=tmp_path / "index") is ExitCode.FAILED
    error = error_of(capsys)
    assert "the index is unchanged: a.txt: the text is empty" in error
    assert "b.exe: unknown kind of file" in error


def test_a_missing_source_is_one_line_that_names_it_as_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "none [red] :smile:\nx"
    assert index(source, index_dir=tmp_path / "index") is ExitCode.FAILED
    shown = f"{tmp_path}/none [red] :smile: x"
    assert error_of(capsys).startswith(f"{shown}: there is no such file or folder")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("index_dir", ["file", "file/index"])
def test_an_index_directory_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], index_dir: str
) -> None:
    write_files(tmp_path, {"file": "x", "sources/a.txt": "A cat."})
    code = index(tmp_path / "sources", index_dir=tmp_path / index_dir)
    assert code is ExitCode.FAILED
    assert str(tmp_path / index_dir) in error_of(capsys)


def test_an_index_directory_that_may_not_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    write_files(tmp_path, {"sources/a.txt": "A cat."})
    (tmp_path / "index").mkdir(mode=0o500)
    assert index(tmp_path / "sources", index_dir=tmp_path / "index") is ExitCode.FAILED
    assert str(tmp_path / "index") in error_of(capsys)


def test_a_damaged_record_is_one_line_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, {"sources/a.txt": "A cat.", "index/record.sqlite": "no database " * 99})
    assert index(tmp_path / "sources", index_dir=tmp_path / "index") is ExitCode.FAILED
    assert "move it away and index the sources again" in error_of(capsys)


def test_an_error_is_in_the_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = index(tmp_path / "none", index_dir=tmp_path / "index", as_json=True)
    printed = capsys.readouterr()
    assert code is ExitCode.FAILED
    error = json.loads(printed.out)["error"]
    assert error.startswith(f"{tmp_path}/none: there is no such file")
    assert printed.err == f"error: {error}\n"


def test_an_interruption_is_told_and_ends_with_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(AxisEncoder, "encode", interrupt)
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat."})
    assert index(sources, index_dir=tmp_path / "index") == 130
    assert capsys.readouterr().err == "interrupted; what served goes on serving\n"
