"""A new generation that finds less than the one that serves is not published."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import Mode, Silent, build_index
from index.file_names import ASIDE_NAME, RECORD_NAME
from index.generation.folders import aside_names, check_is_index, current_name, kept_names
from index.generation.generation import open_aside, open_generation
from index.publishing.gate import ComparedQuestion, Comparison, Found, QualityGateError
from index.publishing.known_items import KnownItem, KnownItemGate, known_items
from index.publishing.publish import Publisher
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError
from qa.values import Article, Passage, Sentence
from tests.index.fake_encoder import AxisEncoder, write_files
from tests.index.publishing.counting_gate import PLACES, SOURCES, CountingGate, build


def known_item_gate(margin: float = 0.05) -> KnownItemGate:
    return KnownItemGate(lambda _: AxisEncoder(), margin=margin)


def ids(index_dir: Path) -> list[str]:
    return [a.article_id for a in open_generation(index_dir).articles(after=None, limit=100)]


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_what_the_gate_refuses_changes_neither_index_nor_record(folder: Path, mode: Mode) -> None:
    served, held = current_name(folder / "index"), ids(folder / "index")
    (folder / "sources" / "Bergen.txt").unlink()
    with pytest.raises(QualityGateError) as caught:
        build(folder, gate=CountingGate(), mode=mode)
    assert current_name(folder / "index") == served
    assert ids(folder / "index") == held
    record = Record(folder / "index" / RECORD_NAME)
    assert sorted(article.article_id for article in record.articles()) == held
    assert not Publisher(folder / "index", record, AxisEncoder()).has_changes()
    record.close()
    assert "kept from 1.000 to 0.833" in str(caught.value)
    assert f"quoth gate {folder / 'index'} --publish" in str(caught.value)


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_what_was_refused_lies_aside_where_it_can_be_asked_but_does_not_serve(
    folder: Path, mode: Mode
) -> None:
    (folder / "sources" / "Bergen.txt").unlink()
    with pytest.raises(QualityGateError) as caught:
        build(folder, gate=CountingGate(), mode=mode)
    [name] = aside_names(folder / "index")
    assert caught.value.aside == folder / "index" / ASIDE_NAME / name
    aside = open_aside(folder / "index", name)
    assert len(aside.articles(after=None, limit=100)) == len(PLACES) - 1
    assert name not in kept_names(folder / "index")
    check_is_index(folder / "index")


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_publishing_it_anyway_encodes_nothing_again_and_leaves_nothing_aside(
    folder: Path, mode: Mode
) -> None:
    write_files(folder / "sources", {"Bergen.txt": "A new text about Bergen."})
    (folder / "sources" / "Esbjerg.txt").unlink()
    with pytest.raises(QualityGateError):
        build(folder, gate=CountingGate(), mode=mode)
    encoder = AxisEncoder()
    report = build(folder, gate=CountingGate(margin=1), mode=mode, encoder=encoder)
    assert encoder.encoded == []
    assert report.gate is not None
    assert list(report.gate.totals) == ["kept"]
    assert report.gate.totals["kept"] == pytest.approx((1, 5 / 6))
    assert current_name(folder / "index") == report.generation
    assert open_generation(folder / "index").article("Bergen").text == "A new text about Bergen."
    assert aside_names(folder / "index") == []


def test_another_refusal_takes_the_place_of_the_first(folder: Path) -> None:
    for place in ("Bergen", "Esbjerg"):
        (folder / "sources" / f"{place}.txt").unlink()
        with pytest.raises(QualityGateError):
            build(folder, gate=CountingGate())
    [name] = aside_names(folder / "index")
    assert len(open_aside(folder / "index", name).articles(after=None, limit=9)) == 4


def test_the_next_run_that_publishes_removes_what_lies_aside(folder: Path) -> None:
    text = (folder / "sources" / "Bergen.txt").read_bytes()
    (folder / "sources" / "Bergen.txt").unlink()
    with pytest.raises(QualityGateError):
        build(folder, gate=CountingGate())
    write_files(folder / "sources", {"Bergen.txt": text, "new.txt": "A new one."})
    build(folder, gate=CountingGate(), mode=Mode.SYNC)
    assert aside_names(folder / "index") == []


def test_a_first_build_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    write_files(tmp_path / "sources", SOURCES)
    gate = CountingGate()
    report = build(tmp_path, gate=gate)
    assert (gate.saw, report.gate) == ([], None)
    assert len(ids(tmp_path / "index")) == len(PLACES)


def test_a_damaged_generation_does_not_stop_the_rebuild_that_cures_it(folder: Path) -> None:
    served = folder / "index" / "generations" / str(current_name(folder / "index"))
    (served / "base" / "vectors.faiss").write_bytes(b"torn")
    build(folder, gate=CountingGate())
    assert len(ids(folder / "index")) == len(PLACES)


def test_a_sync_that_changes_nothing_asks_nothing(folder: Path) -> None:
    gate = CountingGate()
    build(folder, gate=gate, mode=Mode.SYNC)
    assert gate.saw == []


def test_an_error_of_the_gate_leaves_everything_as_it_was(folder: Path) -> None:
    def fail() -> None:
        raise IndexUnavailableError("cannot be asked")

    served = current_name(folder / "index")
    write_files(folder / "sources", {"new.txt": "A new one."})
    with pytest.raises(IndexUnavailableError):
        build(folder, gate=CountingGate(meanwhile=fail))
    assert current_name(folder / "index") == served
    assert aside_names(folder / "index") == []


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_what_others_write_while_the_gate_asks_is_published_too(folder: Path, mode: Mode) -> None:
    """Their changes are neither in what was compared nor lost."""
    other = Record(folder / "index" / RECORD_NAME)

    def write() -> None:
        other.put([Article("Bergen", "Bergen", "Bergen was changed meanwhile.")])
        other.put([Article("Gdynia", "Gdynia", "Gdynia is in no source.")])
        other.delete("Cuxhaven")

    write_files(folder / "sources", {"Delfzijl.txt": "A new text about Delfzijl."})
    build(folder, gate=CountingGate(meanwhile=write), mode=mode)
    other.close()
    generation = open_generation(folder / "index")
    assert generation.article("Bergen").text == "Bergen was changed meanwhile."
    assert generation.article("Delfzijl").text == "A new text about Delfzijl."
    assert generation.article("Gdynia").text == "Gdynia is in no source."
    assert "Cuxhaven" not in ids(folder / "index")
    record = Record(folder / "index" / RECORD_NAME)
    assert not Publisher(folder / "index", record, AxisEncoder()).has_changes()
    held = {article.article_id: article.text for article in record.articles()}
    record.close()
    served = {a.article_id: a.text for a in generation.articles(after=None, limit=100)}
    assert served == held


def test_known_items_are_the_same_every_time_and_of_articles_that_both_have(folder: Path) -> None:
    before = open_generation(folder / "index")
    write_files(folder / "sources", {"Bergen.txt": "Another text altogether about boats there."})
    (folder / "sources" / "Esbjerg.txt").unlink()
    build(folder)
    now = open_generation(folder / "index")
    items = known_items(before, now, most=50)
    assert {item.article_id for item in items} == set(PLACES) - {"Bergen", "Esbjerg"}
    assert items == known_items(before, now, most=50)
    assert known_items(before, now, most=2) == items[:2]
    for item in items:
        text = now.article(item.article_id).text[item.sentence.start : item.sentence.end]
        assert all(word in text.lower() for word in item.query.split())


def test_a_known_item_asks_for_the_rarest_words_of_the_sentence_that_has_most(
    folder: Path,
) -> None:
    more: dict[str, str | bytes] = {
        "too few words.txt": "They ran home.",
        "enough.txt": "Nobody walked there today.",
        "longest.txt": "A ship and that zebra wandered around.",
        "in no passage as a whole.txt": " ".join(f"boat{n}" for n in range(60)) + ".",
    }
    write_files(folder / "sources", more)
    build(folder)
    index = open_generation(folder / "index")
    queries = {item.article_id: item.query for item in known_items(index, index, most=50)}
    assert queries == {
        **{place: f"harbour {place.lower()} opened early" for place in PLACES},
        "enough": "nobody walked there today",
        "longest": "ship zebra wandered around",
    }


def test_the_words_of_a_known_item_are_those_of_its_sentence_wherever_it_stands(
    folder: Path,
) -> None:
    for place in PLACES:
        text = (
            f"We go. We stay. {place} was taken by sailors once. Then all others left it again. "
            f"Nobody knows where these people lived afterwards."
        )
        write_files(folder / "sources", {f"{place}.txt": text})
    build(folder)
    index = open_generation(folder / "index")
    items = known_items(index, index, most=50)
    assert any(item.sentence.index == 4 for item in items)
    for item in items:
        text = index.article(item.article_id).text[item.sentence.start : item.sentence.end]
        assert set(item.query.split()) <= set(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize(
    ("article_id", "start", "end", "is_in"),
    [
        pytest.param("a", 10, 20, True, id="the sentence"),
        pytest.param("a", 0, 11, True, id="its first character"),
        pytest.param("a", 19, 30, True, id="its last character"),
        pytest.param("a", 0, 10, False, id="what is before it"),
        pytest.param("a", 20, 30, False, id="what is behind it"),
        pytest.param("b", 10, 20, False, id="another article"),
    ],
)
def test_a_passage_holds_a_known_item_if_it_holds_some_of_its_sentence(
    article_id: str, start: int, end: int, is_in: bool
) -> None:
    article = Article(article_id, "T", "x" * 30)
    passage = Passage(1, article_id, start, end, article.text[start:end], article)
    assert KnownItem("x", "a", Sentence(1, 10, 20)).is_in(passage) is is_in


def test_a_rebuild_of_the_same_finds_all_known_items_as_before(folder: Path) -> None:
    report = build(folder, gate=known_item_gate())
    assert report.gate is not None
    assert len(report.gate.questions) == len(PLACES)
    assert report.gate.totals["recall@20"] == (1.0, 1.0)
    ranks = [int(one.now.shown.removeprefix("rank ")) for one in report.gate.questions]
    assert min(ranks) == 1
    mean = sum(1 / rank for rank in ranks) / len(ranks)
    assert report.gate.totals["MRR"] == pytest.approx((mean, mean))
    assert report.gate.changed == []


def test_an_index_whose_passages_are_lost_among_others_is_refused(folder: Path) -> None:
    """Forty articles that hold every query word push the known ones out of the first twenty."""
    words = " ".join(f"{place} {place.lower()}tower" for place in PLACES)
    copies: dict[str, str | bytes] = {
        f"copy {n}.txt": f"Its guards boats harbour opened early {words}. {n}" for n in range(40)
    }
    write_files(folder / "sources", copies)
    with pytest.raises(QualityGateError) as caught:
        build(folder, gate=known_item_gate())
    comparison = caught.value.comparison
    assert comparison.worse == ("recall@20",)
    lost = [one.now for one in comparison.changed if one.now.shown == "not among 20"]
    assert lost
    assert all(one.scores == {"recall@20": 0.0, "MRR": 0.0} for one in lost)


def test_other_sizes_of_passages_are_compared_by_the_same_sentences(folder: Path) -> None:
    report = build_index(
        [folder / "sources"],
        folder / "index",
        encoder=AxisEncoder(),
        budget=PassageBudget(max_tokens=8, overlap=2),
        progress=Silent(),
        gate=known_item_gate(),
    )
    assert report.gate is not None
    assert report.gate.totals["recall@20"] == (1.0, 1.0)


def compared(before: dict[str, float], now: dict[str, float]) -> ComparedQuestion:
    return ComparedQuestion("?", "!", Found("", before), Found("", now))


@pytest.mark.parametrize(
    ("margin", "passes"), [(0.0, False), (0.24, False), (0.25, True), (1.0, True)]
)
def test_a_mean_may_fall_by_the_margin_and_no_more(margin: float, passes: bool) -> None:
    four = tuple(compared({"F1": 1.0}, {"F1": now}) for now in (1.0, 1.0, 1.0, 0.0))
    comparison = Comparison("four", "old", "new", margin, ("F1",), four)
    assert comparison.passes is passes
    assert replace(comparison, deciding=("EM",)).passes


def test_the_same_numbers_in_another_order_are_no_fall() -> None:
    """Their sums differ in the last bit."""
    before, now = (0.1, 0.2, 0.3), (0.3, 0.2, 0.1)
    assert sum(before) > sum(now)
    three = tuple(compared({"F1": b}, {"F1": n}) for b, n in zip(before, now, strict=True))
    assert Comparison("three", "old", "new", 0.0, ("F1",), three).passes


def test_a_mean_is_over_the_questions_that_both_have_it_of() -> None:
    found = {"F1": 1.0, "EM": 0.5}
    questions = (compared(found, {"F1": 0.5}), compared({}, found), compared({"MRR": 1.0}, {}))
    comparison = Comparison("three", "old", "new", 0.0, ("F1", "EM", "MRR"), questions)
    assert comparison.totals == {"F1": (1.0, 0.5)}
    assert comparison.worse == ("F1",)
