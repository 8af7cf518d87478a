"""What answers a yes-or-no question: all that a statement says, where a few words say nothing.

"Not" and "not supported" are no answer without what is not.
"""

from qa.language.question_kind import QuestionKind, question_kind
from qa.reading.borders import tidy
from qa.reading.statements import statement_at
from qa.tables.table import tables_in

_FEWEST_WORDS = 4
_LONGEST_STATEMENT = 300


def statement_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the statement around a short range, where the question asks yes or no.

    Ranges of four words or more, in tables and in statements of over 300 characters are returned as
    they are.
    """
    if len(text[start:end].split()) >= _FEWEST_WORDS:
        return start, end
    if question_kind(question) is not QuestionKind.YES_NO:
        return start, end
    begin, stop = statement_at(text, start)
    is_in_table = any(table.start <= start < table.end for table in tables_in(text))
    if is_in_table or end > stop or stop - begin > _LONGEST_STATEMENT:
        return start, end
    return tidy(text, begin, stop)
