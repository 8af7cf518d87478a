"""A reader's folder: the exported model, its tokenizer, and how it wants its input."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import onnxruntime
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from tokenizers import Tokenizer

from qa.errors import ModelError, first_mistake
from qa.reading.heap import give_back_large_blocks
from qa.reading.model_archive import ARCHIVE_SUFFIX, CURE, unpacked
from qa.reading.windows import WindowLayout

SHIPPED_READER = Path(__file__).parent.parent / "models" / "reader"

# The sum before a normalisation and the normalisation take as one operator several times as long
# as the two by themselves.
_SLOWER = ["SkipLayerNormFusion"]


class ReaderManifest(BaseModel):
    """`reader.json` beside the exported model: how it wants its input, and what it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    model: str = Field(
        description="File name of the ONNX model in the same folder, or of an archive with it."
    )
    model_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    max_tokens: int = Field(ge=32, le=4096)
    max_question_tokens: int = Field(default=64, ge=8, le=512)
    window_overlap: int = Field(default=64, ge=0)
    max_answer_tokens: int = Field(default=40, ge=1)
    length_cost: float = Field(
        default=0.02, ge=0, description="Logits that each further token of an answer costs."
    )

    @property
    def layout(self) -> WindowLayout:
        """How passages are cut for this reader."""
        return WindowLayout(
            max_tokens=self.max_tokens,
            max_question_tokens=self.max_question_tokens,
            overlap=self.window_overlap,
        )

    @model_validator(mode="after")
    def _windows_have_room(self) -> Self:
        _ = self.layout
        return self


@dataclass(frozen=True, slots=True)
class ReaderFolder:
    """What the files of a reader's folder hold, opened."""

    manifest: ReaderManifest
    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer


def open_reader_folder(folder: Path) -> ReaderFolder:
    """Open the files of the reader in `folder`.

    Raises ModelError if a file is missing, damaged, or not the one that `reader.json` names.
    """
    give_back_large_blocks()
    manifest = read_manifest(folder)
    with model_file(folder, manifest) as graph:
        session = _open_model(graph, named=folder / manifest.model)
    return ReaderFolder(manifest, session, _open_tokenizer(folder / "tokenizer.json"))


def read_manifest(folder: Path) -> ReaderManifest:
    """Return what `reader.json` in `folder` says; raises ModelError."""
    path = folder / "reader.json"
    try:
        return ReaderManifest.model_validate_json(_read_bytes(path))
    except ValidationError as error:
        raise ModelError(f"{path}: {first_mistake(error)}; {CURE}") from error


@contextmanager
def model_file(folder: Path, manifest: ReaderManifest) -> Iterator[Path]:
    """Give the model in `folder`, verified, as a file that ONNX Runtime reads, while it is opened.

    Of a model given as bytes, the session would keep a copy for good. Raises ModelError if it is
    not the one that the manifest names, or cannot be unpacked.
    """
    path = folder / manifest.model
    content = _verified(path, manifest.model_sha256)
    if not path.name.endswith(ARCHIVE_SUFFIX):
        del content
        yield path
        return
    with unpacked(path, content) as graph:
        del content
        yield graph


def _verified(path: Path, sha256: str) -> bytes:
    content = _read_bytes(path)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(f"{path} has sha256 {found}, but reader.json says {sha256}; {CURE}")
    return content


def _open_model(path: Path, *, named: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Plans of where to put what pay off only where all windows have one shape; here they cost
    # memory.
    options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
        )
    except Exception as error:  # ONNX Runtime's errors have no base class of their own
        raise ModelError(f"{named} is not a model that can be run: {error}; {CURE}") from error


def _open_tokenizer(path: Path) -> Tokenizer:
    content = _read_bytes(path)
    try:
        tokenizer = Tokenizer.from_str(content.decode())
    except Exception as error:  # the library raises Exception itself
        raise ModelError(f"{path} is not a tokenizer: {error}; {CURE}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "[SEP]" in an article is text, not the end of the passage.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"cannot read {path}: {error.strerror}; a reader is a folder with reader.json, "
            f"tokenizer.json and an ONNX model"
        ) from error
