"""The libraries that are compared: how each cuts a text, and what it costs to have it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path

from index.splitting.sentences import Segment


@dataclass(frozen=True, slots=True)
class Library:
    """A segmenter under comparison, and what its files do not tell about it."""

    name: str
    distribution: str
    load: Callable[[], Segment]
    # Release dates by version: sentencex from the bill of materials in its wheel, spaCy from the
    # files in its wheel, pySBD from its release list. What is not here is unknown.
    released: dict[str, str] = field(default_factory=dict)


def load_sentencex() -> Segment:
    """Return sentencex with its rules for English."""
    segment = import_module("sentencex").segment
    return lambda text: list(segment("en", text))


def load_pysbd() -> Segment:
    """Return pySBD, told not to clean the text."""
    segmenter = import_module("pysbd").Segmenter(language="en", clean=False)
    return lambda text: list(segmenter.segment(text))


def load_syntok() -> Segment:
    """Return syntok; a sentence is the text from its first to its last token."""
    analyze = import_module("syntok.segmenter").analyze

    def segment(text: str) -> list[str]:
        return [
            text[tokens[0].offset : tokens[-1].offset + len(tokens[-1].value)]
            for paragraph in analyze(text)
            for tokens in paragraph
        ]

    return segment


def load_spacy() -> Segment:
    """Return spaCy's rule-based sentencizer on a blank English pipeline."""
    pipeline = import_module("spacy").blank("en")
    pipeline.add_pipe("sentencizer")
    return lambda text: [sentence.text for sentence in pipeline(text).sents]


LIBRARIES = (
    Library("sentencex", "sentencex", load_sentencex, {"1.0.32": "2026-09"}),
    Library("pySBD", "pysbd", load_pysbd, {"0.3.4": "2022-02"}),
    Library("syntok", "syntok", load_syntok),
    Library("spaCy sentencizer", "spacy", load_spacy, {"3.8.18": "2026-10"}),
)


def installed(libraries: Iterable[Library]) -> Iterator[tuple[Library, Segment]]:
    """Yield the libraries that can be imported, and say which cannot."""
    for library in libraries:
        try:
            yield library, library.load()
        except ImportError as error:
            print(f"{library.name} is skipped: {error}; pip install {library.distribution}")


def installed_bytes(distribution: str) -> int:
    """Return the size of the files that a distribution installed, without compiled bytecode."""
    files = metadata.files(distribution) or []
    paths = (Path(str(file.locate())) for file in files if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file())


def with_dependencies(distribution: str) -> set[str]:
    """Return the distribution and all that it needs, as far as they are installed."""
    found: set[str] = set()
    waiting = [distribution]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            required = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        names = (re.match(r"[\w.-]+", line) for line in required if "extra ==" not in line)
        waiting += [match[0] for match in names if match]
    return found


def licence(distribution: str) -> str:
    """Return the licence that the package metadata names, or "unknown"."""
    known = metadata.metadata(distribution)
    for key in ("License-Expression", "License"):
        if key in known:
            return known[key].splitlines()[0]
    return "unknown"
