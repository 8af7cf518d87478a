"""BM25 search over titles and passages."""

import gc
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.keywords import KeywordEntry, KeywordIndex

ROOT = Path(__file__).parent.parent.parent


def make(folder: Path, *texts: str) -> KeywordIndex:
    """An index of untitled passages 1, 2, ... of articles 1, 2, ..."""
    return make_of(folder, [KeywordEntry(n, n, "", text) for n, text in enumerate(texts, start=1)])


def make_of(folder: Path, entries: Sequence[KeywordEntry]) -> KeywordIndex:
    return KeywordIndex.build(folder / "keywords", iter(entries))


def found(index: KeywordIndex, question: str, rows: Sequence[int] | None = None) -> list[int]:
    return [one for one, _ in index.search(question, limit=10, article_rows=rows)]


def test_the_rarer_word_weighs_more(tmp_path: Path) -> None:
    index = make(tmp_path, "Border of Poland.", "Border of Latvia.", "Border of Latvia again.")
    assert found(index, "Latvia or Poland border")[0] == 1


def test_words_are_found_in_other_inflections_and_cases(tmp_path: Path) -> None:
    index = make(tmp_path, "He favors SANCTIONS.", "Nothing.")
    assert found(index, "favored sanction") == [1]


@pytest.mark.parametrize(
    "question", ["cafe zurich", "CAFÉ ZÜRICH", "Cafe\u0301"], ids=["without", "with", "combining"]
)
def test_accents_do_not_matter(tmp_path: Path, question: str) -> None:
    assert found(make(tmp_path, "Das Café in Zürich.", "Other."), question) == [1]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        pytest.param("Zu\u0308rich", "Zürich", id="the accent behind its letter"),
        pytest.param("\ufb01nance", "finance", id="a ligature"),
        pytest.param("demo\u00adcratic", "democratic", id="a soft hyphen"),
        pytest.param("demo\u200dcratic", "democratic", id="a joiner"),
        pytest.param("demo\u2060cratic", "democratic", id="a word joiner"),
        pytest.param("demo\ufeffcratic", "democratic", id="a byte order mark"),
        pytest.param("İzmir", "Izmir", id="a dotted capital I"),
        pytest.param("２０２１", "2021", id="full width"),
    ],
)
def test_a_word_is_found_however_its_characters_are_encoded(
    tmp_path: Path, written: str, asked: str
) -> None:
    index = make(tmp_path, f"Here is {written}.", f"Here is {asked}.", "Other.")
    assert found(index, asked) == [1, 2]
    assert found(index, written) == [1, 2]


def test_a_run_of_chinese_between_punctuation_is_found(tmp_path: Path) -> None:
    assert found(make(tmp_path, "他们下雨了。出太阳了！", "别的。"), "出太阳了？") == [1]


def test_a_title_counts_but_less_than_the_text(tmp_path: Path) -> None:
    entries = [
        KeywordEntry(1, 1, "Russia", "Something else entirely."),
        KeywordEntry(2, 2, "Nothing", "Russia gathers troops."),
        KeywordEntry(3, 3, "Nothing", "No word of it here."),
    ]
    assert found(make_of(tmp_path, entries), "Russia?") == [2, 1]


def test_question_words_that_stand_everywhere_do_not_count(tmp_path: Path) -> None:
    index = make(tmp_path, "It is the one, is it not?", "Hamlet asks.")
    assert found(index, "is it the Hamlet") == [2]


def test_a_question_of_nothing_but_stopwords_finds_these_words(tmp_path: Path) -> None:
    index = make(tmp_path, "To be or not to be.", "Hamlet asks.")
    assert found(index, "to be or not to be?") == [1]


@pytest.mark.parametrize("question", ["", " ", "?!", "\0", "\u200b", ':+-"()'])
def test_a_question_without_words_finds_nothing(tmp_path: Path, question: str) -> None:
    assert found(make(tmp_path, "Some text."), question) == []


@pytest.mark.parametrize(
    "question",
    [
        'AND OR "ship :+-',
        "text:ship",
        "ship^9 AND NOT ship",
        "(ship",
        "ship~2 [a TO b]",
        "title:(ship) /ship/",
        "-ship",
        "passage_id:1 ship\\",
    ],
)
def test_query_syntax_has_no_meaning(tmp_path: Path, question: str) -> None:
    assert found(make(tmp_path, "A cat.", "One ship."), question) == [2]


def test_equal_scores_are_ordered_by_id(tmp_path: Path) -> None:
    index = make_of(tmp_path, [KeywordEntry(n, 1, "", "same words") for n in (5, 3, 2**62, 4)])
    hits = index.search("words", limit=10)
    assert [one for one, _ in hits] == [3, 4, 5, 2**62]
    assert len({score for _, score in hits}) == 1


def test_two_builds_give_the_same_scores(tmp_path: Path) -> None:
    texts = [f"cat {'ship ' * (n % 7)} {'tax ' * (n % 3)}" for n in range(300)]
    first, second = (make(tmp_path / name, *texts) for name in ("a", "b"))
    assert first.search("cat ship tax", limit=50) == second.search("cat ship tax", limit=50)


def test_the_limit_keeps_the_best(tmp_path: Path) -> None:
    index = make(tmp_path, "cat", "cat cat and a dog", "cat cat cat")
    assert index.search("cat", limit=1) == index.search("cat", limit=3)[:1]
    assert index.search("cat", limit=0) == []


@pytest.mark.parametrize(
    ("rows", "expected"), [([2], [2]), ([1, 3], [1, 3]), ([], []), ([99], []), (None, [1, 2, 3])]
)
def test_only_passages_of_the_given_articles_are_found(
    tmp_path: Path, rows: list[int] | None, expected: list[int]
) -> None:
    assert found(make(tmp_path, "cat", "cat", "cat"), "cat", rows) == expected


def test_a_restriction_to_articles_does_not_change_scores(tmp_path: Path) -> None:
    index = make(tmp_path, "cat ship", "cat")
    assert index.search("cat", limit=9, article_rows=[1, 2]) == index.search("cat", limit=9)


def test_passages_of_withheld_articles_are_not_found_and_take_no_place(tmp_path: Path) -> None:
    index = make(tmp_path, "cat cat cat", "cat cat", "cat", "cat and a dog")
    without = index.without([1])
    assert [one for one, _ in without.search("cat", limit=2)] == [2, 3]
    assert found(without, "cat", [1, 3]) == [3]
    assert found(without.without([3]), "cat") == [2, 4]
    assert found(index, "cat") == [1, 2, 3, 4]


def test_what_is_taken_out_of_an_index_is_found_no_more(tmp_path: Path) -> None:
    make(tmp_path, "cat", "cat")
    added = iter([KeywordEntry(3, 3, "", "cat")])
    index = KeywordIndex.extend(tmp_path / "keywords", added, without=[1])
    assert found(index, "cat") == found(KeywordIndex.read(tmp_path / "keywords"), "cat") == [2, 3]
    assert len(index) == 2


def test_an_index_that_is_opened_again_answers_the_same(tmp_path: Path) -> None:
    index = make(tmp_path, "A cat.", "One café.")
    again = KeywordIndex.read(tmp_path / "keywords")
    assert len(again) == len(index) == 2
    assert again.search("cafe cat", limit=9) == index.search("cafe cat", limit=9)


def test_an_index_whose_locks_cannot_be_made_is_opened_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make(tmp_path, "A cat.", "One café.")
    for lock in (tmp_path / "keywords").glob("*.lock"):
        # As in a folder of another user, or on a file system that is only read.
        lock.unlink()
        lock.symlink_to(tmp_path / "no folder" / lock.name)
    opened = KeywordIndex.read(tmp_path / "keywords")
    assert found(opened, "cafe") == found(opened.without([1]), "cafe") == [2]
    # What it needs to be opened is gone as soon as nobody reads it.
    assert len([*tmp_path.glob("quoth-*")]) == 1
    del opened
    gc.collect()
    assert not [*tmp_path.glob("quoth-*")]


def test_all_files_may_be_read_by_whom_the_umask_allows(tmp_path: Path) -> None:
    make(tmp_path, "A cat.")
    folder = tmp_path / "keywords"
    KeywordIndex.extend(folder, iter([KeywordEntry(2, 2, "", "A dog.")]), without=[])
    plain = tmp_path / "file"
    plain.touch()
    assert {path.stat().st_mode for path in folder.iterdir()} == {plain.stat().st_mode}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = make(tmp_path)
    assert len(index) == 0
    assert found(index, "cat") == []


def test_an_error_while_giving_entries_is_not_taken_for_a_disk_error(tmp_path: Path) -> None:
    def entries() -> Iterator[KeywordEntry]:
        yield KeywordEntry(1, 1, "", "cat")
        raise ValueError("no disk error")

    with pytest.raises(ValueError, match="no disk error"):
        KeywordIndex.build(tmp_path / "keywords", entries())


_NO_FILE_MAY_GROW = """
import resource, sys
from pathlib import Path
from index.keywords import KeywordEntry, KeywordIndex

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
entries = (KeywordEntry(n, 1, "Title", f"Word {n}. " * 30) for n in range(200))
try:
    KeywordIndex.build(Path(sys.argv[1]), entries)
except OSError as error:
    print(error)
"""


@pytest.mark.parametrize("most_bytes", [0, 1000])
def test_a_disk_without_room_is_an_os_error(tmp_path: Path, most_bytes: int) -> None:
    command = [sys.executable, "-c", _NO_FILE_MAY_GROW, str(tmp_path / "keywords")]
    done = subprocess.run(
        [*command, str(most_bytes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.startswith(f"cannot write the keyword index {tmp_path}"), done.stderr


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=40))
def test_no_question_is_an_error(index: KeywordIndex, question: str) -> None:
    assert len(index.search(question, limit=3)) <= 2


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    return make(tmp_path_factory.mktemp("any"), "A cat.", "One ship or 船.")
