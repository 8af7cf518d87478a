"""An index that cannot be used: the service starts, says why and what to do, and recovers."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.serving.loading import Models
from qa.errors import ModelError
from tests.api.conftest import SHIP, TOWN, FakeEncoder, Open, Publish, fake_models


def generation_of(index_dir: Path) -> Path:
    return index_dir / "generations" / (index_dir / "CURRENT").read_text().strip()


def change_manifest(index_dir: Path, **fields: object) -> None:
    path = generation_of(index_dir) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def remove_it(index_dir: Path) -> None:
    shutil.rmtree(index_dir)


def empty_it(index_dir: Path) -> None:
    remove_it(index_dir)
    index_dir.mkdir()


def put_a_file_there(index_dir: Path) -> None:
    remove_it(index_dir)
    index_dir.write_text("notes")


def put_photos_there(index_dir: Path) -> None:
    empty_it(index_dir)
    (index_dir / "photo.jpg").write_bytes(b"\xff\xd8")


def flip_a_bit_of_the_vectors(index_dir: Path) -> None:
    path = generation_of(index_dir) / "base" / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut_the_tables(index_dir: Path) -> None:
    path = generation_of(index_dir) / "base" / "tables.sqlite"
    path.write_bytes(path.read_bytes()[:1000])


def lose_the_tables(index_dir: Path) -> None:
    (generation_of(index_dir) / "base" / "tables.sqlite").unlink()


def break_the_manifest(index_dir: Path) -> None:
    (generation_of(index_dir) / "manifest.json").write_text("{")


def come_from_the_future(index_dir: Path) -> None:
    change_manifest(index_dir, schema_version=99, news=True)


def name_another_generation(index_dir: Path) -> None:
    (index_dir / "CURRENT").write_text("20990101T000000.000000Z\n")


def name_a_folder_elsewhere(index_dir: Path) -> None:
    (index_dir / "CURRENT").write_text("../../etc\n")


def scribble_over_the_pointer(index_dir: Path) -> None:
    (index_dir / "CURRENT").write_bytes(b"\xff\xfe\x00")


BUILD = "build it with: quoth index SOURCE... --index-dir"
REPAIR = "build it anew from its record with: quoth repair"
BREAKAGES = [
    pytest.param(remove_it, "there is no index at", BUILD, id="missing"),
    pytest.param(empty_it, "is empty", BUILD, id="empty"),
    pytest.param(put_a_file_there, "is a file", "or a new folder", id="a-file"),
    pytest.param(
        put_photos_there, "not an index directory of Quoth", "or a new folder", id="foreign"
    ),
    pytest.param(
        flip_a_bit_of_the_vectors, "does not match its checksum", REPAIR, id="flipped-bit"
    ),
    pytest.param(cut_the_tables, "has 1000 bytes instead of", REPAIR, id="cut-file"),
    pytest.param(lose_the_tables, "base/tables.sqlite is missing", REPAIR, id="lost-file"),
    pytest.param(break_the_manifest, "manifest.json is damaged", REPAIR, id="broken-manifest"),
    pytest.param(come_from_the_future, "schema version 99", "upgrade Quoth", id="newer-version"),
    pytest.param(name_another_generation, "which is not there", REPAIR, id="pointer-to-nothing"),
    pytest.param(name_a_folder_elsewhere, "which is not there", REPAIR, id="pointer-outside"),
    pytest.param(scribble_over_the_pointer, "CURRENT", REPAIR, id="pointer-not-text"),
]


@pytest.fixture
def index_dir(small_index: Path, tmp_path: Path) -> Path:
    """A copy of the small index, to be broken."""
    return Path(shutil.copytree(small_index, tmp_path / "index"))


@pytest.mark.parametrize(("breakage", "reason", "cure"), BREAKAGES)
def test_the_service_starts_on_an_index_that_cannot_be_used_and_says_why(
    open_service: Open,
    index_dir: Path,
    breakage: Callable[[Path], None],
    reason: str,
    cure: str,
) -> None:
    breakage(index_dir)
    with open_service(index_dir, ready=False) as client:
        assert client.get("/healthz").status_code == 200
        for response in (
            client.get("/readyz"),
            client.get("/v1/ask?q=ship"),
            client.post("/v1/search", json={"question": "ship"}),
            client.get("/v1/articles"),
            client.get("/v1/articles/town"),
        ):
            assert response.status_code == 503
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["retry-after"]
            assert response.json()["type"] == "urn:problem-type:quoth:index-unavailable"
            detail = response.json()["detail"]
            assert reason in detail
            assert cure in detail
            assert str(index_dir) in detail
            assert "\n" not in detail


@pytest.mark.parametrize(("breakage", "reason", "cure"), BREAKAGES[:2])
def test_the_service_becomes_ready_by_itself_once_an_index_is_published(
    open_service: Open,
    publish: Publish,
    index_dir: Path,
    wait_until: Callable[..., None],
    breakage: Callable[[Path], None],
    reason: str,
    cure: str,
) -> None:
    breakage(index_dir)
    with open_service(index_dir, ready=False) as client:
        assert reason in client.get("/readyz").text
        generation = publish(index_dir, [SHIP])
        wait_until(lambda: client.get("/readyz").status_code == 200, what="ready")
        assert client.get("/readyz").json()["generation"] == generation
        assert client.get("/v1/ask?q=ship").json()["answers"][0]["text"] == "42"


def test_a_repaired_index_serves_without_a_new_generation(
    open_service: Open, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    tables = generation_of(index_dir) / "base" / "tables.sqlite"
    content = tables.read_bytes()
    lose_the_tables(index_dir)
    with open_service(index_dir, ready=False) as client:
        assert "is missing" in client.get("/readyz").text
        tables.write_bytes(content)
        wait_until(lambda: client.get("/readyz").status_code == 200, what="ready")


def test_an_index_of_another_encoder_is_refused_with_both_names(
    open_service: Open, index_dir: Path
) -> None:
    def models() -> Models:
        return fake_models(FakeEncoder(fingerprint="fake-2"))

    with open_service(index_dir, ready=False, models=models) as client:
        response = client.get("/readyz")
    assert response.status_code == 503
    detail = response.json()["detail"]
    assert "was built with encoder 'fake' (fake-1), but 'fake' (fake-2) is loaded" in detail
    assert "set QUOTH_ENCODER to the former, or rebuild the index with the latter" in detail


def test_a_model_that_cannot_be_loaded_is_named_and_tried_again(
    open_service: Open, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    found = False

    def models() -> Models:
        if not found:
            raise ModelError("the reader is missing; copy it back")
        return fake_models()

    with open_service(index_dir, ready=False, models=models) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:problem-type:quoth:model-unavailable"
        assert response.json()["detail"] == "the reader is missing; copy it back"
        found = True
        wait_until(lambda: client.get("/readyz").status_code == 200, what="ready")


def test_models_that_cannot_be_loaded_are_not_loaded_all_the_time(
    open_service: Open, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    loads = 0

    def models() -> Models:
        nonlocal loads
        loads += 1
        raise ModelError("the reader is missing; copy it back")

    with open_service(index_dir, ready=False, models=models):
        wait_until(lambda: loads > 0, what="the models were asked for")
        time.sleep(1)
    assert loads == 1


def test_what_a_library_raises_while_loading_does_not_end_the_service(
    open_service: Open, index_dir: Path
) -> None:
    def models() -> Models:
        raise MemoryError("no room for the model")

    with open_service(index_dir, ready=False, models=models) as client:
        assert client.get("/readyz").status_code == 503
        assert "no room for the model" in client.get("/readyz").json()["detail"]
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("breakage", "reason"), [(case.values[0], case.values[1]) for case in BREAKAGES[4:]]
)
def test_a_broken_newest_generation_leaves_the_old_one_serving_until_the_next(
    open_service: Open,
    publish: Publish,
    index_dir: Path,
    tmp_path: Path,
    wait_until: Callable[..., None],
    breakage: Callable[[Path], None],
    reason: str,
) -> None:
    with open_service(index_dir) as client:
        old = client.get("/readyz").json()["generation"]
        # Broken beside the index and moved into it, as the service must not see it whole.
        aside = tmp_path / "aside"
        shutil.copytree(index_dir, aside)
        publish(aside, [TOWN])
        breakage(aside)
        for folder in (aside / "generations").iterdir():
            shutil.copytree(folder, index_dir / "generations" / folder.name, dirs_exist_ok=True)
        before = client.app.state.live_index  # type: ignore[attr-defined]
        (aside / "CURRENT").replace(index_dir / "CURRENT")
        wait_until(lambda: reason in str(before._problem), what="the service has tried it")
        assert client.get("/readyz").json()["generation"] == old
        assert client.get("/v1/ask?q=ship").json()["answers"][0]["text"] == "42"
        (index_dir / "CURRENT").write_text(f"{old}\n")
        newest = publish(index_dir, [TOWN])
        wait_until(
            lambda: client.get("/readyz").json()["generation"] == newest, what="the next serves"
        )


def test_an_index_that_is_deleted_goes_on_serving(
    open_service: Open, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    with open_service(index_dir) as client:
        shutil.rmtree(index_dir)
        answers = [client.get("/v1/ask?q=ship").json()["answers"] for _ in range(20)]
    assert all(answer[0]["text"] == "42" for answer in answers)


def test_the_reader_is_not_asked_where_nothing_was_found(
    open_service: Open, index_dir: Path
) -> None:
    class Unasked:
        def read(self, question: str, passages: list[str]) -> list[list[object]]:
            raise AssertionError("nothing to read")

    def models() -> Models:
        return replace(fake_models(), reader=Unasked())  # type: ignore[arg-type]

    with open_service(index_dir, models=models) as client:
        response = client.get("/v1/ask?q=ship&source=Nobody")
    assert response.status_code == 200
    assert response.json()["answered"] is False
    assert response.json()["answerable_probability"] == 0
