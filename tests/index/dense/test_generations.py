"""A whole index whose base is searched by inverted lists or a graph: built, changed, cared for."""

import shutil
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.build import BuildReport, Mode, Silent, build_index
from index.dense.kinds import Hnsw, Ivf, VectorSettings, Wanted
from index.encoding.encoder import Vectors
from index.file_identity import sha256_of
from index.file_names import RECORD_NAME
from index.generation.folders import current_folder
from index.generation.generation import open_generation
from index.publishing.publish import Publisher
from index.record.record import Record
from index.repair import repair_index
from index.retriever import HybridRetriever
from index.splitting.passages import PassageBudget
from index.verify import verify_index
from qa.errors import IndexUnavailableError
from qa.filters import Filters
from qa.values import Article
from tests.index.fake_encoder import word_tokenizer

COUNT = 1200
BUDGET = PassageBudget(max_tokens=60, overlap=10)
WORDS = [f"word{number}" for number in range(400)]


@dataclass
class BagEncoder:
    """The sum of a fixed random vector a word: texts that share words lie close together."""

    name: str = "bag"
    fingerprint: str = "bag-1"
    dimension: int = 32
    tokenizer: Tokenizer = field(default_factory=word_tokenizer)

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.stack([sum(_vector(word) for word in text.split()) for text in texts])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    def encode_question(self, question: str) -> Vectors:
        vector: Vectors = self.encode([question])[0]
        return vector


def _vector(word: str) -> Vectors:
    random = np.random.default_rng(zlib.crc32(word.lower().strip(".").encode()))
    return random.standard_normal(32).astype(np.float32)


def _line(number: int) -> str:
    random = np.random.default_rng(number)
    words = " ".join(random.choice(WORDS, 12))
    return (
        f'{{"id": "a{number}", "title": "T", "text": "Item {words}.", "tags": ["t{number % 7}"]}}\n'
    )


def _build(
    folder: Path, mode: Mode = Mode.REBUILD, vectors: VectorSettings | None = None
) -> BuildReport:
    return build_index(
        [folder / "articles.jsonl"],
        folder / "index",
        encoder=BagEncoder(),
        budget=BUDGET if mode is Mode.REBUILD else None,
        progress=Silent(),
        mode=mode,
        vectors=vectors,
    )


@pytest.fixture(scope="module", params=[Wanted.IVF, Wanted.HNSW])
def built_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "articles.jsonl").write_text("".join(_line(number) for number in range(COUNT)))
    _build(folder, vectors=VectorSettings(kind=request.param))
    return folder


@pytest.fixture
def whole(built_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built_once, tmp_path / "whole")


@pytest.fixture
def wanted(built_once: Path) -> str:
    return open_generation(built_once / "index").manifest.base.vectors.settings.kind


def _put(folder: Path, change: Callable[[Record], object]) -> None:
    with closing(Record(folder / RECORD_NAME)) as record:
        change(record)
        Publisher(folder, record, BagEncoder()).publish_delta()


def _found(folder: Path, number: int, **filters: object) -> list[str]:
    """Return whose passages are found for the text of an article, best first."""
    retriever = HybridRetriever(open_generation(folder), BagEncoder())
    question = _line(number).partition("Item ")[2].partition(".")[0]
    hits = retriever.retrieve(question, filters=Filters(**filters), limit=5).passages  # type: ignore[arg-type]
    return [hit.passage.article_id for hit in hits]


def test_the_manifest_says_what_was_built(whole: Path, wanted: str) -> None:
    entry = open_generation(whole / "index").manifest.base.vectors
    assert isinstance(entry.kind, Ivf | Hnsw)
    assert entry.kind.kind == wanted
    assert entry.recall is not None
    assert entry.recall.value >= 0.95


def test_questions_find_their_passages_with_and_without_filters(whole: Path) -> None:
    for number in range(0, COUNT, 97):
        assert _found(whole / "index", number)[0] == f"a{number}"
        assert _found(whole / "index", number, tags=(f"t{number % 7}",))[0] == f"a{number}"
        assert f"a{number}" not in _found(whole / "index", number, tags=(f"t{number % 7 + 1}",))


def test_what_is_put_changed_or_deleted_over_it_is_seen(whole: Path) -> None:
    index = whole / "index"
    _put(index, lambda record: record.put([Article("new", "N", "Item zebra quagga okapi.")]))
    _put(index, lambda record: record.delete("a97"))
    generation = open_generation(index)
    assert generation.manifest.delta is not None
    assert generation.manifest.base.vectors.kind.kind in ("ivf", "hnsw")
    assert "a97" not in _found(index, 97)
    assert _found(index, 194)[0] == "a194"
    new = generation.vectors.search(BagEncoder().encode_question("zebra quagga okapi"), limit=1)
    assert generation.tables.passages([new[0][0]])[0].article_id == "new"
    assert not generation.without(["a194"]).tables.rows_of(["a194"])
    assert verify_index(index, encoder=BagEncoder()).faults == ()


def test_a_later_build_asks_for_the_same_kind(whole: Path, wanted: str) -> None:
    assert _build(whole).vectors is not None
    assert open_generation(whole / "index").manifest.base.vectors.settings.kind == wanted


def test_asking_for_another_kind_makes_a_new_base_and_encodes_nothing(whole: Path) -> None:
    exact = VectorSettings(kind=Wanted.EXACT)
    report = _build(whole, Mode.SYNC, exact)
    assert (report.vectors, report.encoded) == ("exact, float32", 0)
    before = report.generation
    assert _build(whole, Mode.SYNC, exact).generation == before


def test_a_damaged_file_is_named_and_repaired(whole: Path, wanted: str) -> None:
    index = whole / "index"
    for name in ("vectors.faiss", "vectors.f16", "vector_ids.npy"):
        path = current_folder(index) / "base" / name
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(IndexUnavailableError, match=f"{name} does not match its checksum"):
            open_generation(index)
        repair_index(index, encoder=BagEncoder(), budget=BUDGET, progress=Silent())
        assert verify_index(index).faults == ()
        assert open_generation(index).manifest.base.vectors.settings.kind == wanted


def test_verify_finds_vectors_that_are_not_those_of_the_texts(whole: Path) -> None:
    folder = current_folder(whole / "index")
    path = folder / "base" / "vectors.f16"
    content = bytearray(path.read_bytes())
    content[-4096:] = bytes(4096)
    former = sha256_of(path)
    path.unlink()
    path.write_bytes(content)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(former, sha256_of(path)))
    found = verify_index(whole / "index", encoder=BagEncoder(), sample=COUNT)
    assert any("is not that of its text" in fault for fault in found.faults)
