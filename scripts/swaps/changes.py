"""What happens to the index while it is asked: puts, deletes and rebuilds, spread over the time."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

from scripts.performance.service import BUILT, ROOT, BenchmarkError
from scripts.swaps.texts import Texts

_TIMEOUT_S = 300
_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """How many changes there are to be."""

    rebuilds: int
    puts: int
    deletes: int


class Changes:
    """Makes the planned changes in step with the questions; use as a context manager."""

    def __init__(self, base: str, texts: Texts, plan: Plan) -> None:
        self._base = base
        self._texts = texts
        self._plan = plan
        self._chance = random.Random(0)
        self._progress = 0.0
        self._stop = threading.Event()
        self._problem: BaseException | None = None
        self._threads = [
            threading.Thread(target=self._kept, args=(work,), daemon=True)
            for work in (self._write, self._rebuild, self._watch)
        ]
        self.rebuilds = self.puts = self.deletes = 0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if kind is None and self._problem is not None:
            raise BenchmarkError(f"the changes failed: {self._problem}") from self._problem

    def go_on(self, progress: float) -> bool:
        """Make what is due at this part of all questions; return whether everything is made."""
        self._progress = progress
        made = (self.rebuilds, self.puts, self.deletes)
        planned = (self._plan.rebuilds, self._plan.puts, self._plan.deletes)
        return made == planned or self._problem is not None

    def described(self) -> str:
        """Say how far it is."""
        return f"{self.rebuilds} rebuilds, {self.puts} puts, {self.deletes} deletes"

    def _write(self) -> None:
        todo = ["put"] * self._plan.puts + ["delete"] * self._plan.deletes
        self._chance.shuffle(todo)
        with httpx.Client(base_url=self._base, timeout=_TIMEOUT_S) as http:
            for number, what in enumerate(todo):
                self._wait_for_turn(number, len(todo))
                if self._stop.is_set():
                    return
                with self._texts.reading:
                    articles = self._texts.now()
                    article_id = self._chance.choice(sorted(articles))
                    if what == "put":
                        self._put(http, article_id, articles[article_id], number)
                    else:
                        self._delete(http, article_id)

    def _put(self, http: httpx.Client, article_id: str, text: str, number: int) -> None:
        text = f"This is edition {number} of the article. {text}"
        self._texts.will_put(article_id, text)
        response = http.put(
            f"/v1/articles/{quote(article_id)}",
            content=text.encode(),
            headers={"Content-Type": "text/plain"},
        ).raise_for_status()
        self._texts.was_put(article_id, response.json()["sequence"])
        self.puts += 1

    def _delete(self, http: httpx.Client, article_id: str) -> None:
        self._texts.will_delete(article_id)
        response = http.delete(f"/v1/articles/{quote(article_id)}").raise_for_status()
        acknowledged = time.monotonic()
        self._texts.was_deleted(article_id, response.json()["sequence"], acknowledged)
        self.deletes += 1

    def _rebuild(self) -> None:
        for number in range(self._plan.rebuilds):
            self._wait_for_turn(number, self._plan.rebuilds)
            if self._stop.is_set():
                return
            while not self._rebuilt():
                time.sleep(_LOOK_EVERY_S)  # the service is folding
            self.rebuilds += 1

    def _rebuilt(self) -> bool:
        """Run `quoth index`; return whether nobody else was building."""
        command = [sys.executable, "-m", "scripts.quoth", "index", str(self._texts.sources)]
        command += ["--index-dir", str(self._texts.index_dir), "--keep", "100"]
        building = self._texts.index_dir / "generations" / ".building"
        with self._texts.reading:
            self._texts.write()
            began = time.time()
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            while process.poll() is None and not _is_newer(building, began):
                time.sleep(_LOOK_EVERY_S)
        _, errors = process.communicate()
        if process.returncode in BUILT:
            return True
        if b"another process" in errors:
            return False
        raise BenchmarkError(f"`quoth index` failed: {errors.decode()[-500:]}")

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._texts.note_generations()
            time.sleep(_LOOK_EVERY_S)
        self._texts.note_generations()

    def _wait_for_turn(self, number: int, count: int) -> None:
        while self._progress < number / count and not self._stop.is_set():
            time.sleep(_LOOK_EVERY_S)

    def _kept(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # told by the thread that asks
            self._problem = error
            self._stop.set()


def _is_newer(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime >= since
    except FileNotFoundError:
        return False
