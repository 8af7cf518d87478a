"""What must hold of an index when a service starts again, whatever broke the process before."""

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.encoding.question_encoder import OnnxQuestionEncoder
from index.file_names import RECORD_NAME
from index.generation.generation import open_generation
from index.generation.locks import building_lock
from index.publishing.publish import Publisher
from index.record.deletions import Deletions
from index.record.record import Record
from index.verify import verify_index
from qa.errors import QuothError
from scripts.crashes.writing import AT_LIMIT, BUDGET, Intent, texts_of

Texts = dict[str, str]


class WriterError(QuothError):
    """The process that is to be killed ended by itself, so that nothing was tried."""


@dataclass
class Expected:
    """What was acknowledged: the texts that are held, and what is deleted and not back."""

    held: Texts = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


def one_life(
    index_dir: Path,
    expected: Expected,
    *,
    seed: float,
    lives_s: float,
    at: str | None = None,
    file_limit: int | None = None,
) -> Intent | None:
    """Let a process write until it is killed, or until a file would grow over `file_limit` bytes.

    It lives so long after its start, or after it has begun the first thing of the kind `at`.
    `expected` is brought up to date with what it acknowledged; what it was at is returned. Raises
    WriterError if it ended by itself, which it may only at its `file_limit`.
    """
    intent: Intent | None = None
    for line in _said_before_the_kill(index_dir, seed, lives_s, at, file_limit):
        entry = json.loads(line)
        if entry["do"] == "done":
            expected.held = after(expected.held, intent)
            if intent is not None and intent["do"] == "delete":
                expected.deleted.add(str(intent["id"]))
            intent = None
        else:
            intent = entry
            expected.deleted.difference_update(texts_of(entry))
    return intent


def _said_before_the_kill(
    index_dir: Path, seed: float, lives_s: float, at: str | None, file_limit: int | None
) -> list[str]:
    """Run the process as `one_life` says, and return its whole lines behind "ready"."""
    command = [sys.executable, "-m", "scripts.crashes.writing", str(index_dir), "--seed", str(seed)]
    if file_limit is not None:
        command += ["--file-limit", str(file_limit)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as child,
    ):
        assert child.stdout is not None  # noqa: S101
        lines = [child.stdout.readline()]  # "ready"
        while at is not None and lines[-1] and f'"do": "{at}"' not in lines[-1]:
            lines.append(child.stdout.readline())
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(lives_s)
        child.kill()
        lines += child.stdout.readlines()
        code = child.wait()
        at_limit = file_limit is not None and code == AT_LIMIT
        if not at_limit and (code != -signal.SIGKILL or lines[0] != "ready\n"):
            said.seek(0)
            last = said.read().decode(errors="replace")[-500:]
            raise WriterError(f"the process that writes ended by itself ({code}): {last}")
    # A line that the kill has torn acknowledges nothing, and nothing was begun by it.
    return [line for line in lines[1:] if line.endswith("\n")]


def after(texts: Texts, intent: Intent | None) -> Texts:
    """Return the texts that the record holds when the intended change was made."""
    if intent is None:
        return texts
    match intent["do"]:
        case "put":
            return texts | texts_of(intent)
        case "delete":
            return {k: v for k, v in texts.items() if k != intent["id"]}
        case "rebuild":
            return texts_of(intent)
    return texts


def faults(
    index_dir: Path, expected: Expected, intent: Intent | None, encoder: OnnxQuestionEncoder
) -> list[str]:
    """Start again as a service does, and return what is wrong.

    What was under way may have been done or not; `expected` is told which.
    """
    with closing(Record(index_dir / RECORD_NAME)) as record:
        held = {article.article_id: article.text for article in record.articles()}
        allowed = (expected.held, after(expected.held, intent))
        expected.held = held
        found = [] if held in allowed else ["the record lost or made up something"]
        return [*found, *_serving_faults(index_dir, record, expected, encoder)]


def _serving_faults(
    index_dir: Path, record: Record, expected: Expected, encoder: OnnxQuestionEncoder
) -> Sequence[str]:
    publisher = Publisher(index_dir, record, encoder)
    current = publisher.current()
    if current is not None:
        generation = open_generation(index_dir)
        with closing(Deletions(index_dir / RECORD_NAME)) as deletions:
            gone = deletions.after(current.sequence)
        served = generation.without(gone).articles(after=None, limit=1000)
        if expected.deleted.intersection(article.article_id for article in served):
            return ["something deleted is served"]
    if publisher.needs_base():
        with building_lock(index_dir):
            publisher.build_base(BUDGET, reuse_cuts=True)
    else:
        publisher.publish_delta()
    return published_faults(index_dir, expected, encoder)


def published_faults(
    index_dir: Path, expected: Expected, encoder: OnnxQuestionEncoder
) -> Sequence[str]:
    """Return what is wrong with what is published, compared with what must be held."""
    found = verify_index(index_dir, encoder=encoder, sample=8)
    articles = open_generation(index_dir).articles(after=None, limit=1000)
    if {article.article_id: article.text for article in articles} != expected.held:
        return ["what is published is not what the record holds", *found.faults]
    return found.faults
