"""Options: numbers out of range are refused, and paths hold in every folder."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.command_line.option_types import (
    absolute_path,
    at_least,
    not_negative,
    positive,
    positive_number,
    share,
)


@pytest.mark.parametrize(
    ("of_type", "text", "number"),
    [
        (positive, "1", 1),
        (not_negative, "0", 0),
        (at_least(131), "131", 131),
        (share, "0", 0.0),
        (share, "1", 1.0),
        (positive_number, "1e-4", 0.0001),
    ],
)
def test_a_number_in_range_is_taken(
    of_type: Callable[[str], float], text: str, number: float
) -> None:
    assert of_type(text) == number


@pytest.mark.parametrize(
    ("of_type", "text", "message"),
    [
        (positive, "0", "0 is less than 1"),
        (not_negative, "-1", "-1 is less than 0"),
        (at_least(131), "40", "40 is less than 131"),
        (positive, "1.5", "'1.5' is not a whole number"),
        (share, "7", "7 is not between 0 and 1"),
        (share, "nan", "nan is not between 0 and 1"),
        (share, "half", "'half' is not a number"),
        (positive_number, "0", "0 is not more than 0"),
        (positive_number, "inf", "inf is not more than 0"),
    ],
)
def test_a_number_out_of_range_is_refused(
    of_type: Callable[[str], float], text: str, message: str
) -> None:
    with pytest.raises(ArgumentTypeError, match=f"^{message}$"):
        of_type(text)


def test_a_path_stays_where_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = absolute_path("index")
    monkeypatch.chdir("/")
    assert here == tmp_path / "index"
    assert absolute_path("/elsewhere") == Path("/elsewhere")
