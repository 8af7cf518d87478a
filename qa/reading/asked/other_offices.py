"""Spans that tell who holds another office: asked for the mayor, "the deputy mayor, Bo Ruiz"."""

from qa.language.offices import asked_office, tells_of_other_office
from qa.reading.statements import statement_at


def is_of_other_office(text: str, start: int, question: str) -> bool:
    """Return whether the statement around a span has the office that is asked for as another."""
    office = asked_office(question)
    if not office:
        return False
    begin, stop = statement_at(text, start)
    return tells_of_other_office(office, text[begin:stop])
