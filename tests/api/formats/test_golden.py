"""What each dialect says of the fixed replies, to the letter."""

import pytest

from api.formats.names import Format
from tests.api.formats.golden_files import CASES, FOLDER, path_of, text_of


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_a_reply_is_told_as_the_golden_file_has_it(dialect: Format, case: str) -> None:
    assert text_of(dialect, case) == path_of(dialect, case).read_text(encoding="utf-8")


def test_there_is_a_golden_file_for_each_dialect_and_reply_and_no_other() -> None:
    assert {path_of(*case) for case in CASES} == set(FOLDER.iterdir())
