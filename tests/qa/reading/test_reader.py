"""The reader: which ranges of a passage it returns, and which folders it refuses.

Nothing here depends on exact scores of the shipped model, which better ones will replace.
"""

import hashlib
import io
import json
import re
import tarfile
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from queue import Queue

import numpy as np
import onnx
import onnxruntime
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

from qa.errors import ModelError
from qa.reading.reader import OnnxReader, PassageSpan
from qa.reading.reader_folder import SHIPPED_READER, ReaderManifest, model_file, read_manifest
from qa.values import Article

QUESTION = "Who is the longtime dictator of Belarus?"
SENTENCE = "The longtime dictator of Belarus is Alexander Lukashenko."
# 20 words.
FILLER = (
    "The committee met again in the old town hall on Friday and spoke for hours about the new "
    "budget for schools. "
)


def texts(reader: OnnxReader, question: str, passage: str) -> list[str]:
    (spans,) = reader.read(question, [passage])
    return [passage[span.start : span.end] for span in spans]


def best_text(reader: OnnxReader, question: str, passage: str) -> str:
    return texts(reader, question, passage)[0]


def test_the_answer_is_quoted_from_a_sentence_that_has_it(
    reader: OnnxReader, seed_article: Article
) -> None:
    at = seed_article.text.index("Alexander Lukashenko")
    passage = seed_article.text[at - 200 : at + 200]
    assert best_text(reader, QUESTION, passage) == "Alexander Lukashenko"


@pytest.mark.parametrize(
    "passage",
    [
        pytest.param(FILLER * 100 + SENTENCE, id="at-the-very-end"),
        pytest.param(SENTENCE + " " + FILLER * 100, id="at-the-very-beginning"),
        pytest.param(FILLER * 18 + SENTENCE + " " + FILLER * 82, id="across-two-windows"),
    ],
)
def test_an_answer_is_found_wherever_it_stands_in_2000_words(
    reader: OnnxReader, passage: str
) -> None:
    assert best_text(reader, QUESTION, passage) == "Alexander Lukashenko"


def test_spans_are_ranges_of_the_passage_best_first_and_apart(
    reader: OnnxReader, seed_article: Article
) -> None:
    text = seed_article.text
    (spans,) = reader.read("Who favors a cautious line?", [text])
    assert 1 < len(spans) <= 3
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)
    by_place = sorted(spans, key=lambda span: span.start)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in zip(by_place, by_place[1:], strict=False))


def test_no_span_runs_over_a_blank_line(reader: OnnxReader, seed_article: Article) -> None:
    caption = seed_article.text.index("Patrick Semansky / AP Photo\n\nNational Security Adviser")
    asked = {
        "Which three people are the most frequently mentioned defenders of a more cautious line "
        "toward Russia?": seed_article.text[caption : caption + 300],
        "What does Belgium export?": "Belgium exports\n\n- steel\n- chocolate\n- diamonds\n \n"
        "1. Brussels is the capital.\n2. Ghent is old.",
    }
    for question, passage in asked.items():
        quoted = texts(reader, question, passage)
        assert quoted
        assert not any(re.search(r"\n\s*\n", text) for text in quoted), quoted


def test_no_span_runs_over_rows_of_a_table_or_out_of_an_item(reader: OnnxReader) -> None:
    table = "The captain\n\nPlayer | Goals\nMarco Silva | 21\nYuki Tanaka | 17"
    times = "1. Open the gates at 5 p.m.\n2. Close them at 11 p.m.\n\nThe club thanked its fans."
    opens = texts(reader, "When do the gates open?", times)[0]
    assert opens.removeprefix("at ") == "5 p.m."
    assert not any("|" in text for text in texts(reader, "Who is the captain?", table))


def test_a_span_may_run_over_whole_items_of_a_list(reader: OnnxReader) -> None:
    soup = "Onion soup serves 4.\n\nIngredients:\n\n- 6 onions\n- 50 g butter\n- 2 slices of bread"
    quoted = texts(reader, "What are the ingredients of onion soup?", soup)
    assert quoted[0] == "6 onions\n- 50 g butter\n- 2 slices of bread"
    assert texts(reader, "How much butter is in the onion soup?", soup)[0] == "50 g"


def test_what_a_text_asks_itself_is_no_answer(reader: OnnxReader) -> None:
    asked = "Who decided not to stop the trains?"
    quoted = texts(reader, asked, f"MS. DEL RÍO: {asked}\nMR. OSEI: That was Gareth Pugh.")
    assert quoted
    assert all("RÍO" not in text for text in quoted), quoted


def test_punctuation_is_no_answer(reader: OnnxReader) -> None:
    assert texts(reader, "How often?", "...") == texts(reader, "How often?", "- !") == []
    quoted = texts(reader, "How often?", "Trains run every ten minutes.")
    assert quoted
    assert all(any(map(str.isalnum, text)) for text in quoted)


def test_a_batch_gives_the_same_spans_and_scores_as_reading_alone(
    reader: OnnxReader, seed_article: Article
) -> None:
    cuts = [0, 37, 420, 421, 1200, 1503, 2222, 5000]
    passages = [seed_article.text[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]
    together = list(reader.read(QUESTION, passages))
    for passage, spans in zip(passages, together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        assert [(s.start, s.end) for s in spans] == [(s.start, s.end) for s in alone]
        # Were rounding to depend on the neighbours in the batch, this would be some 0.1.
        assert [s.score for s in spans] == pytest.approx([s.score for s in alone], abs=1e-3)
        assert [s.null_score for s in spans] == pytest.approx(
            [s.null_score for s in alone], abs=1e-3
        )


def test_offsets_count_code_points_behind_emoji_and_combining_accents(reader: OnnxReader) -> None:
    assert best_text(reader, QUESTION, f"🎉👨‍👩‍👧 Cafe\u0301! {SENTENCE}") == "Alexander Lukashenko"


def test_an_answer_keeps_the_combining_accent_at_its_end(reader: OnnxReader) -> None:
    decomposed = unicodedata.normalize("NFD", "The mayor of the town is Pedro José.")
    assert best_text(reader, "Who is the mayor of the town?", decomposed).endswith("Jose\u0301")


@pytest.mark.parametrize("passage", ["", " \n\t", "\u200b"], ids=["empty", "blank", "zero-width"])
def test_a_passage_without_text_has_no_spans_and_its_neighbour_keeps_its_own(
    reader: OnnxReader, passage: str
) -> None:
    nothing, spans = reader.read(QUESTION, [passage, SENTENCE])
    assert nothing == []
    assert SENTENCE[spans[0].start : spans[0].end] == "Alexander Lukashenko"


def test_no_passages_give_no_spans(reader: OnnxReader) -> None:
    assert list(reader.read(QUESTION, [])) == []


def test_a_question_of_two_thousand_characters_is_still_read(reader: OnnxReader) -> None:
    assert len(list(reader.read("Who is it? " * 180, [SENTENCE]))) == 1


# A session that can be read by eye: the start logit is 9 at "needle", the end logit 9 at "eye",
# and "no answer" scores 1 in a window that holds "hay" and 0 in others.
VOCABULARY = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "straw": 3, "needle": 4, "eye": 5, "hay": 6}


class NeedleSession:
    """Answers as an ONNX Runtime session does, from token ids alone."""

    def run(
        self, outputs: list[str], inputs: dict[str, NDArray[np.int64]], options: object
    ) -> list[NDArray[np.float32]]:
        ids = inputs["input_ids"]
        assert ids.shape == inputs["attention_mask"].shape == inputs["token_type_ids"].shape
        start = np.where(ids == VOCABULARY["needle"], 9, 0).astype(np.float32)
        end = np.where(ids == VOCABULARY["eye"], 9, 0).astype(np.float32)
        start[:, 0] = (ids == VOCABULARY["hay"]).any(axis=1)
        return [start, end]


def needle_reader(session: NeedleSession | None = None, *, threads: int = 1) -> OnnxReader:
    tokenizer = Tokenizer(WordLevel(VOCABULARY, "[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="$A",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(token, VOCABULARY[token]) for token in ("[CLS]", "[SEP]")],
    )
    manifest = ReaderManifest(
        name="needle",
        model="none",
        model_sha256="0" * 64,
        max_tokens=32,
        max_question_tokens=8,
        window_overlap=4,
        max_answer_tokens=4,
        length_cost=0,
    )
    return OnnxReader(session or NeedleSession(), tokenizer, manifest, threads=threads)


PASSAGES = ["straw needle eye", "hay", "needle straw eye hay", *["straw needle"] * 9]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_many_threads_give_what_one_gives_in_the_same_order(threads: int) -> None:
    read = list(needle_reader(threads=threads).read("where ?", PASSAGES))
    assert read == list(needle_reader().read("where ?", PASSAGES))
    assert [len(spans) > 0 for spans in read] == [True] * len(PASSAGES)


@pytest.mark.parametrize(
    ("threads", "expected"), [(1, [1, 2, 3, 4]), (2, [2, 2, 5, 6]), (3, [2, 2, 6, 7])]
)
def test_behind_the_first_two_as_much_is_read_ahead_as_keeps_the_threads_busy(
    threads: int, expected: list[int]
) -> None:
    taken: list[str] = []
    reading = needle_reader(threads=threads).read("where ?", map(noted(taken), PASSAGES))
    assert taken == []
    counts = [len(taken) for _ in islice(reading, 4)]
    assert counts == expected


def noted(taken: list[str]) -> Callable[[str], str]:
    def note(passage: str) -> str:
        taken.append(passage)
        return passage

    return note


class PatientSession(NeedleSession):
    """Takes a minute for a window with a needle, unless it is told to end."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.was_told_to_end: Queue[bool] = Queue()

    def run(
        self,
        outputs: list[str],
        inputs: dict[str, NDArray[np.int64]],
        options: onnxruntime.RunOptions,
    ) -> list[NDArray[np.float32]]:
        if (inputs["input_ids"] == VOCABULARY["needle"]).any():
            self.began.release()
            until = time.monotonic() + 60
            while not options.terminate and time.monotonic() < until:
                time.sleep(0.001)
            self.was_told_to_end.put(options.terminate)
        return super().run(outputs, inputs, options)


def test_who_stops_asking_ends_what_is_read_ahead() -> None:
    session = PatientSession()
    reading = needle_reader(session, threads=2).read("where ?", ["hay"] * 3 + ["needle eye"] * 5)
    assert len(list(islice(reading, 3))) == 3
    assert session.began.acquire(timeout=30)
    reading.close()
    assert session.was_told_to_end.get(timeout=30)


def test_memory_is_given_back_once_nothing_was_read_for_a_while(
    reader: OnnxReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resident() -> int:
        return int(psutil.Process().memory_info().rss)

    monkeypatch.setattr("qa.reading.reader._IDLE_S", 60)
    passages = [f"{SENTENCE} {FILLER * 8}"] * 3
    _ = list(reader.read(QUESTION, passages))
    kept = resident()
    monkeypatch.setattr("qa.reading.reader._IDLE_S", 0.01)
    _ = list(reader.read(QUESTION, [SENTENCE]))
    until = time.monotonic() + 30
    while kept - resident() < 5_000_000 and time.monotonic() < until:
        time.sleep(0.01)
    assert kept - resident() >= 5_000_000


@given(before=st.integers(0, 90), after=st.integers(0, 90))
def test_an_answer_no_longer_than_the_overlap_is_never_lost_between_windows(
    before: int, after: int
) -> None:
    words = [*["straw"] * before, "needle", "straw", "eye", *["straw"] * after]
    passage = " ".join(words)
    best = next(needle_reader().read("where ?", [passage]))[0]
    assert (passage[best.start : best.end], best.score) == ("needle straw eye", 18)


def test_a_span_seen_in_two_windows_is_returned_once() -> None:
    # The first window holds 27 words; the second begins with its last four.
    passage = " ".join([*["straw"] * 24, "needle", "eye", *["straw"] * 30])
    (spans,) = needle_reader().read("where ?", [passage])
    at = passage.index("needle")
    assert [(s.start, s.end) for s in spans if s.score == 18] == [(at, at + len("needle eye"))]


def test_no_answer_is_scored_by_the_window_that_the_span_was_read_from() -> None:
    passage = " ".join(["hay", *["straw"] * 60, "needle", "eye"])
    best = next(needle_reader().read("where ?", [passage]))[0]
    assert (best.score, best.null_score) == (18, 0)
    beside_hay = "hay needle eye"
    assert next(needle_reader().read("where ?", [beside_hay])) == [
        PassageSpan(4, 14, 18, 1),
        PassageSpan(0, 3, 0, 1),
    ]


def reader_folder(folder: Path, **changes: object) -> Path:
    """The shipped reader's files under another roof, with changes in `reader.json`."""
    manifest = json.loads((SHIPPED_READER / "reader.json").read_text("utf-8"))
    for name in (ARCHIVE, "tokenizer.json"):
        (folder / name).symlink_to(SHIPPED_READER / name)
    (folder / "reader.json").write_text(json.dumps(manifest | changes), encoding="utf-8")
    return folder


def assert_refused(folder: Path, *parts: str) -> None:
    with pytest.raises(ModelError) as caught:
        OnnxReader.load(folder)
    for part in parts:
        assert part in str(caught.value)


ARCHIVE = "reader.tar.gz"
CURE = "export the reader again with python -m scripts.export_reader"


def test_a_copied_reader_folder_opens(tmp_path: Path, reader: OnnxReader) -> None:
    assert OnnxReader.load(reader_folder(tmp_path)).fingerprint == reader.fingerprint


def folder_with(folder: Path, name: str, content: bytes) -> Path:
    """The shipped reader's files, with a model of this name and these bytes; returns its path."""
    reader_folder(folder, model=name, model_sha256=hashlib.sha256(content).hexdigest())
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    return path


def archive_of(**members: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name.replace("_", "."))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def test_a_model_in_one_file_reads_as_the_one_in_an_archive(
    tmp_path: Path, reader: OnnxReader
) -> None:
    with model_file(SHIPPED_READER, read_manifest(SHIPPED_READER)) as graph:
        whole = onnx.load(graph).SerializeToString()
    folder_with(tmp_path, "whole.onnx", whole)
    asked, passages = "Where is the needle?", ["The needle lies in the hay.", "Hay is dry."]
    whole_reader = OnnxReader.load(tmp_path)
    assert list(whole_reader.read(asked, passages)) == list(reader.read(asked, passages))


def test_nothing_of_an_archive_is_left_where_it_was_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened = OnnxReader.load(SHIPPED_READER, threads=1)
    assert list(tmp_path.iterdir()) == []
    # It reads all the same, from files that are mapped.
    assert next(opened.read("Where is the needle?", ["The needle lies in the hay."]))


@pytest.mark.parametrize("damage", ["cut", "junk", "bytes", "no-weights"])
def test_an_archive_that_is_damaged_is_refused(tmp_path: Path, damage: str) -> None:
    content = bytearray(archive_of(reader_onnx=b"model" * 1000, weights=bytes(1000)))
    if damage == "cut":
        del content[-20:]
    elif damage == "junk":
        content[:2] = b"PK"
    elif damage == "bytes":
        content[12:16] = b"\xff\xff\xff\xff"
    else:
        content = bytearray(archive_of(reader_onnx=b"model"))
    path = folder_with(tmp_path, ARCHIVE, bytes(content))
    assert_refused(tmp_path, f"{path} cannot be unpacked: ", CURE)


def test_an_archive_without_a_model_is_named_as_it_lies_in_the_folder(tmp_path: Path) -> None:
    path = folder_with(tmp_path, ARCHIVE, archive_of(reader_onnx=b"junk", weights=b""))
    assert_refused(tmp_path, f"{path} is not a model that can be run", CURE)


def test_where_there_is_no_room_to_unpack_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder_with(tmp_path, ARCHIVE, archive_of(reader_onnx=b"model", weights=b""))
    gone = tmp_path / "gone"
    monkeypatch.setattr(tempfile, "tempdir", str(gone))
    assert_refused(tmp_path, f"cannot unpack {path} in {gone}: No such file", "room in TMPDIR")


@pytest.mark.parametrize("name", ["reader.json", "tokenizer.json", ARCHIVE])
def test_a_missing_file_is_named_with_what_a_reader_consists_of(tmp_path: Path, name: str) -> None:
    (reader_folder(tmp_path) / name).unlink()
    assert_refused(
        tmp_path,
        f"cannot read {tmp_path / name}: No such file",
        "a reader is a folder with reader.json, tokenizer.json and an ONNX model",
    )


def test_a_model_that_changed_by_one_byte_is_refused(tmp_path: Path) -> None:
    path = reader_folder(tmp_path) / ARCHIVE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    assert_refused(tmp_path, f"{path} has sha256", "but reader.json says", CURE)


def test_a_file_that_is_no_model_is_refused_though_its_checksum_is_right(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "reader.onnx", b"junk")
    assert_refused(tmp_path, f"{path} is not a model that can be run", CURE)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"], ids=["empty", "no-model", "not-utf-8"])
def test_a_damaged_tokenizer_is_refused(tmp_path: Path, content: bytes) -> None:
    path = reader_folder(tmp_path) / "tokenizer.json"
    path.unlink()
    path.write_bytes(content)
    assert_refused(tmp_path, f"{path} is not a tokenizer", CURE)


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        pytest.param({"max_tokens": 8}, "max_tokens", "greater than or equal to 32", id="small"),
        pytest.param({"model_sha256": "abc"}, "model_sha256", "should match", id="no-checksum"),
        pytest.param({"max_length": 384}, "max_length", "Extra inputs", id="unknown-key"),
        pytest.param(
            {"window_overlap": 400},
            "the file",
            "windows of 384 tokens leave no room beside a question of 64 tokens and an overlap",
            id="windows-that-stand-still",
        ),
    ],
)
def test_a_wrong_reader_json_is_refused_with_file_field_and_cure(
    tmp_path: Path, changes: dict[str, object], field: str, problem: str
) -> None:
    sizes = {"max_tokens": 384, "max_question_tokens": 64}
    folder = reader_folder(tmp_path, **(sizes | changes))
    assert_refused(folder, f"{folder / 'reader.json'}: {field}: ", problem, CURE)


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_reader_json_that_is_no_object_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = reader_folder(tmp_path) / "reader.json"
    path.write_text(content, encoding="utf-8")
    assert_refused(tmp_path, f"{path}: the file: ", CURE)


def test_the_name_of_a_special_token_in_a_passage_is_text(reader: OnnxReader) -> None:
    passage = "The longtime dictator of Belarus [SEP] [CLS] [PAD] is Alexander Lukashenko."
    [spans] = reader.read("Who is the longtime dictator of Belarus?", [passage])
    marked = "What stands between [SEP] and [PAD]?"
    assert passage[spans[0].start : spans[0].end] == "Alexander Lukashenko"
    assert next(reader.read(marked, [passage]))


def test_dateline_byline_and_the_other_date_of_a_life_are_no_answer(reader: OnnxReader) -> None:
    report = (
        "BELGRAVE - Bohdana Kruk, the leader of the small Farmers' Party, was sworn in as prime "
        "minister of Torvania on Tuesday."
    )
    asked = "Who is the new prime minister of Torvania?"
    assert texts(reader, asked, report)[0] == "Bohdana Kruk"
    signed = texts(reader, asked, f"By Marit Engebretsen, Sarvik\n\n{report}")
    assert not any("Engebretsen" in answer or "Sarvik" in answer for answer in signed)
    life = "Ilse Varga (3 February 1911 – 21 November 1998) was a Hungarian-born British chemist."
    (spans,) = reader.read("When was Ilse Varga born?", [life])
    assert life[spans[0].start : spans[0].end] == "3 February 1911"


def test_no_answer_runs_over_the_end_of_a_sentence(reader: OnnxReader) -> None:
    passage = (
        "A person who contravenes clause 3 is liable to a fine not exceeding £500. A person who "
        "contravenes clause 4 is liable to a fine not exceeding £100."
    )
    found = texts(reader, "What is the fine for swimming under the bridge?", passage)
    assert {"£500", "£100"} <= {re.sub("not exceeding ", "", one) for one in found}


def test_no_span_is_of_another_version(reader: OnnxReader) -> None:
    notes = "2.2 (5 January 2024)\n\n- Python 3.10 is needed.\n\n2.1 (1 May 2023)\n\n- Windows."
    found = texts(reader, "Which Python does Harrow 2.1 need?", notes)
    assert "3.10" not in " ".join(found)


def test_no_span_is_a_volume_where_a_price_is_asked_for(reader: OnnxReader) -> None:
    jug = "The larger Tidemark 60 holds 3.6 litres."
    assert "3.6 litres" not in texts(reader, "How much does the Tidemark 60 cost?", jug)
