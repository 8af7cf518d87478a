"""Types of options, for argparse: numbers in a range, and paths that hold in every folder."""

import math
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path


def at_least(least: int) -> Callable[[str], int]:
    """Return a type of whole numbers that are not less than `least`."""

    def whole(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < least:
            raise ArgumentTypeError(f"{text} is less than {least}")
        return number

    return whole


positive = at_least(1)
not_negative = at_least(0)


def share(text: str) -> float:
    """Return a number from 0 to 1."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise ArgumentTypeError(f"{text} is not between 0 and 1")
    return number


def positive_number(text: str) -> float:
    """Return a finite number that is more than 0."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise ArgumentTypeError(f"{text} is not more than 0")
    return number


def absolute_path(text: str) -> Path:
    """Return the path as it is meant here, for processes that run in another folder."""
    return Path(text).absolute()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number") from None
