"""How a question and a passage are laid out, and that no token of a passage is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

from qa.errors import ModelError
from qa.reading.windows import Window, WindowLayout, cut_windows, with_question_mark

CLS, SEP = 1, 2


def letters(pair: str | None) -> Tokenizer:
    """A tokenizer that takes each word for one token and joins two texts like `pair`.

    "a" has the id 10, "b" 11, and so on.
    """
    special = {"[CLS]": CLS, "[SEP]": SEP}
    alphabet = {letter: 10 + n for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0} | special | alphabet, "[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    if pair is not None:
        tokenizer.post_processor = TemplateProcessing(
            single="$A", pair=pair, special_tokens=list(special.items())
        )
    return tokenizer


TOKENIZER = letters("[CLS] $A [SEP] $B [SEP]")


def test_a_window_is_cls_question_sep_passage_sep_with_the_offsets_of_the_passage() -> None:
    layout = WindowLayout(max_tokens=10, max_question_tokens=3, overlap=1)
    assert cut_windows("a b", ["c  d"], tokenizer=TOKENIZER, layout=layout) == [
        Window(
            row=0, ids=(CLS, 10, 11, SEP, 12, 13, SEP), passage_start=4, offsets=((0, 1), (3, 4))
        )
    ]


def test_a_long_passage_has_several_windows_that_share_the_overlap() -> None:
    # Beside [CLS] a [SEP] and [SEP] there is room for three tokens.
    layout = WindowLayout(max_tokens=7, max_question_tokens=1, overlap=1)
    windows = cut_windows("a", ["b c d e f g"], tokenizer=TOKENIZER, layout=layout)
    assert [window.ids[3:-1] for window in windows] == [(11, 12, 13), (13, 14, 15), (15, 16)]
    assert windows[1].offsets == ((4, 5), (6, 7), (8, 9))


def test_a_passage_that_just_fits_has_one_window() -> None:
    layout = WindowLayout(max_tokens=7, max_question_tokens=1, overlap=1)
    assert len(cut_windows("a", ["b c d"], tokenizer=TOKENIZER, layout=layout)) == 1
    assert len(cut_windows("a", ["b c d e"], tokenizer=TOKENIZER, layout=layout)) == 2


def test_windows_come_in_the_order_of_their_passages_and_tell_their_row() -> None:
    layout = WindowLayout(max_tokens=7, max_question_tokens=1, overlap=1)
    windows = cut_windows("a", ["b c d e", "", "f"], tokenizer=TOKENIZER, layout=layout)
    assert [window.row for window in windows] == [0, 0, 1, 2]


@pytest.mark.parametrize("passage", ["", " \n\t "])
def test_a_passage_without_a_token_has_one_window_with_no_offsets(passage: str) -> None:
    layout = WindowLayout(max_tokens=7, max_question_tokens=1, overlap=1)
    assert cut_windows("a", [passage], tokenizer=TOKENIZER, layout=layout) == [
        Window(row=0, ids=(CLS, 10, SEP, SEP), passage_start=3, offsets=())
    ]


def test_a_question_that_is_too_long_keeps_its_first_tokens() -> None:
    layout = WindowLayout(max_tokens=10, max_question_tokens=2, overlap=1)
    (window,) = cut_windows("a b c d", ["e"], tokenizer=TOKENIZER, layout=layout)
    assert window.ids == (CLS, 10, 11, SEP, 14, SEP)


def test_no_passages_have_no_windows() -> None:
    layout = WindowLayout(max_tokens=7, max_question_tokens=1, overlap=1)
    assert cut_windows("a", [], tokenizer=TOKENIZER, layout=layout) == []


def test_a_layout_whose_windows_could_not_move_on_is_refused() -> None:
    # 11 - 4 - 4 leaves room for 3 tokens: an overlap of 2 moves on, one of 3 stands still.
    WindowLayout(max_tokens=11, max_question_tokens=4, overlap=2)
    with pytest.raises(ValueError, match="leave no room beside a question of 4 tokens"):
        WindowLayout(max_tokens=11, max_question_tokens=4, overlap=3)


def test_the_tokenizer_tells_what_stands_around_question_and_passage() -> None:
    layout = WindowLayout(max_tokens=8, max_question_tokens=1, overlap=1)
    tokenizer = letters("[CLS] $A [SEP] [SEP] $B [SEP]")
    windows = cut_windows("a", ["b c d e"], tokenizer=tokenizer, layout=layout)
    assert [window.ids for window in windows] == [
        (CLS, 10, SEP, SEP, 11, 12, 13, SEP),
        (CLS, 10, SEP, SEP, 13, 14, SEP),
    ]
    assert {window.passage_start for window in windows} == {4}


@pytest.mark.parametrize("pair", [None, "$A [SEP] $B", "[CLS] $A $B [SEP]", "[CLS] $A [SEP] $B"])
def test_a_tokenizer_that_leaves_question_or_passage_without_a_bound_is_refused(
    pair: str | None,
) -> None:
    layout = WindowLayout(max_tokens=8, max_question_tokens=1, overlap=1)
    with pytest.raises(ModelError, match="sets no special tokens before, between and behind"):
        cut_windows("a", ["a"], tokenizer=letters(pair), layout=layout)


@given(
    question=st.lists(st.sampled_from("abc"), max_size=6),
    passage=st.lists(st.sampled_from(["a", "bb", "ccc", "😀"]), max_size=60),
    max_question_tokens=st.integers(1, 4),
    overlap=st.integers(0, 4),
    room=st.integers(1, 6),
)
def test_every_token_is_read_and_neighbours_share_exactly_the_overlap(
    question: list[str],
    passage: list[str],
    max_question_tokens: int,
    overlap: int,
    room: int,
) -> None:
    layout = WindowLayout(
        max_tokens=max_question_tokens + 4 + overlap + room,
        max_question_tokens=max_question_tokens,
        overlap=overlap,
    )
    text = " ".join(passage)
    windows = cut_windows(" ".join(question), [text], tokenizer=TOKENIZER, layout=layout)
    read = list(windows[0].offsets)
    for before, window in zip(windows, windows[1:], strict=False):
        assert before.offsets[len(before.offsets) - overlap :] == window.offsets[:overlap]
        assert len(window.offsets) > overlap, "a window that shows nothing new"
        read += window.offsets[overlap:]
    assert [text[start:end] for start, end in read] == passage
    assert all(len(window.ids) <= layout.max_tokens for window in windows)
    assert all(
        len(window.ids) == window.passage_start + len(window.offsets) + 1 for window in windows
    )


def test_a_question_without_its_mark_is_given_one() -> None:
    assert with_question_mark("who favors a cautious line ") == "who favors a cautious line?"
    for question in ("who?", "Name the president.", 'who said "no"', ""):
        assert with_question_mark(question) == question
