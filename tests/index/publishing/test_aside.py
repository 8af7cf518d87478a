"""What the gate has refused lies aside with its reasons, and can be published or dropped."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from filelock import FileLock

from index.build import BuildReport, Mode, Silent, build_index, publish_aside
from index.file_names import ASIDE_NAME, BUILD_LOCK_NAME, RECORD_NAME
from index.generation.folders import NoSuchGenerationError, aside_names, current_name
from index.generation.generation import open_generation
from index.generation.locks import BuildInProgressError
from index.publishing.aside import aside_named, drop_aside, lying_aside
from index.publishing.gate import QualityGateError
from index.publishing.publish import Publisher
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError, ModelError
from qa.values import Article
from tests.index.fake_encoder import AxisEncoder, write_files
from tests.index.publishing.counting_gate import BUDGET, PLACES, CountingGate, build


@pytest.fixture(params=[Mode.REBUILD, Mode.SYNC])
def refused(folder: Path, request: pytest.FixtureRequest) -> Path:
    """An index whose sources changed Bergen, lost Esbjerg and were refused; they are gone now."""
    write_files(folder / "sources", {"Bergen.txt": "A new text about Bergen."})
    (folder / "sources" / "Esbjerg.txt").unlink()
    with pytest.raises(QualityGateError):
        build(folder, gate=CountingGate(), mode=request.param)
    (folder / "sources").rename(folder / "lost")
    return folder / "index"


def publish(index_dir: Path, encoder: AxisEncoder | None = None) -> BuildReport:
    return publish_aside(
        index_dir,
        aside_named(index_dir).generation,
        encoder=encoder or AxisEncoder(),
        progress=Silent(),
    )


def served(index_dir: Path) -> dict[str, str]:
    generation = open_generation(index_dir)
    return {a.article_id: a.text for a in generation.articles(after=None, limit=100)}


@pytest.fixture
def other(refused: Path) -> Iterator[Record]:
    """The record as another process holds it."""
    with closing(Record(refused / RECORD_NAME)) as record:
        yield record


def test_what_a_service_published_first_lies_aside_no_more(refused: Path) -> None:
    lying = copytree(refused / ASIDE_NAME, refused.with_name("lying"))
    first = publish(refused)
    copytree(lying, refused / ASIDE_NAME, dirs_exist_ok=True)
    assert publish(refused).generation == first.generation
    assert lying_aside(refused) is None


def test_it_tells_what_was_refused_by_which_comparison(refused: Path) -> None:
    aside = lying_aside(refused)
    assert aside is not None
    assert [aside.manifest.generation] == aside_names(refused)
    assert aside.manifest.counts.articles == len(PLACES) - 1
    refusal = aside.refusal
    assert refusal is not None
    assert (refusal.served, refusal.asked, refusal.questions) == (
        current_name(refused),
        "counting",
        1,
    )
    assert (refusal.worse, refusal.margin) == (["kept"], 0.05)
    assert refusal.totals["kept"].before == 1
    assert refusal.totals["kept"].now == pytest.approx(5 / 6)
    [changed] = refusal.changed
    assert (changed.question, changed.before, changed.now) == ("how many?", "6", "5")


def test_where_nothing_was_refused_nothing_lies_aside(folder: Path) -> None:
    assert lying_aside(folder / "index") is None
    assert drop_aside(folder / "index") == []
    with pytest.raises(NoSuchGenerationError, match="there is nothing kept aside"):
        publish(folder / "index")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", None], ids=repr)
def test_a_refusal_that_cannot_be_read_hides_no_generation(
    refused: Path, content: bytes | None
) -> None:
    [path] = (refused / ASIDE_NAME).glob("*/refusal.json")
    path.unlink() if content is None else path.write_bytes(content)
    aside = lying_aside(refused)
    assert aside is not None
    assert aside.refusal is None


def test_it_is_published_without_its_sources_and_encodes_nothing(refused: Path) -> None:
    encoder = AxisEncoder()
    report = publish(refused, encoder)
    assert encoder.encoded == []
    assert (report.changed, report.removed, report.unchanged) == (1, 1, len(PLACES) - 2)
    assert report.removed_ids == ("Esbjerg",)
    assert current_name(refused) == report.generation
    assert served(refused).keys() == set(PLACES) - {"Esbjerg"}
    assert served(refused)["Bergen"] == "A new text about Bergen."
    assert aside_names(refused) == []


def test_what_was_written_after_it_was_built_stays_as_it_is(refused: Path, other: Record) -> None:
    other.put([Article("Bergen", "Bergen", "Bergen was put later.")])
    other.put([Article("Gdynia", "Gdynia", "Gdynia is in no source.")])
    other.put([Article("Esbjerg", "Esbjerg", "Esbjerg is back.")])
    other.delete("Cuxhaven")
    publish(refused)
    held = {article.article_id: article.text for article in other.articles()}
    assert served(refused) == held
    assert held.keys() == {*PLACES, "Gdynia"} - {"Cuxhaven"}
    assert held["Bergen"] == "Bergen was put later."
    assert held["Esbjerg"] == "Esbjerg is back."
    assert not Publisher(refused, other, AxisEncoder()).has_changes()


def test_it_is_published_with_its_own_sizes_of_passages(folder: Path) -> None:
    (folder / "sources" / "Esbjerg.txt").unlink()
    with pytest.raises(QualityGateError):
        build_index(
            [folder / "sources"],
            folder / "index",
            encoder=AxisEncoder(),
            budget=PassageBudget(max_tokens=8, overlap=2),
            progress=Silent(),
            gate=CountingGate(),
        )
    expected = aside_named(folder / "index")
    publish(folder / "index")
    manifest = open_generation(folder / "index").manifest
    assert manifest.passages == expected.passages
    assert manifest.passages.max_tokens < BUDGET.max_tokens
    assert manifest.counts == expected.counts


def test_another_encoder_than_its_own_is_refused(refused: Path) -> None:
    before = current_name(refused)
    with pytest.raises(ModelError, match="was built with encoder 'axes'"):
        publish(refused, AxisEncoder("axes-2"))
    assert current_name(refused) == before
    assert len(aside_names(refused)) == 1


def test_without_the_record_it_is_not_published(refused: Path) -> None:
    [name] = aside_names(refused)
    for path in refused.glob("record.sqlite*"):
        path.unlink()
    with pytest.raises(IndexUnavailableError, match=f"is missing.*quoth repair {refused}"):
        publish_aside(refused, name, encoder=AxisEncoder(), progress=Silent())
    assert not (refused / RECORD_NAME).exists()


def test_it_is_dropped_and_what_serves_serves_on(refused: Path) -> None:
    before, [name] = served(refused), aside_names(refused)
    assert drop_aside(refused) == [name]
    assert lying_aside(refused) is None
    assert served(refused) == before


def test_what_another_process_compares_is_not_dropped(refused: Path) -> None:
    with FileLock(refused / BUILD_LOCK_NAME), pytest.raises(BuildInProgressError):
        drop_aside(refused)
    assert len(aside_names(refused)) == 1
