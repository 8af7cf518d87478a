"""Days that only an article's date tells: "on Friday", "last week", "yesterday"."""

import re
from datetime import date, timedelta

from qa.language.quantities import MONTHS, WEEKDAYS

_WEEKDAY = re.compile(rf"(?:on )?({'|'.join(WEEKDAYS)})")
_PARTS = r"(?: (?:early )?(?:morning|afternoon|evening|night))?"
_SPAN = r"(?:week(?:end)?|month|year|spring|summer|autumn|fall|winter|night)"
_RELATIVE = re.compile(
    rf"(?:(?:on|last|this|next|early|late) )*(?:{'|'.join(WEEKDAYS)}){_PARTS}"
    rf"|(?:today|tonight|yesterday|tomorrow){_PARTS}"
    rf"|(?:(?:late|early) )?(?:last|this|next) {_SPAN}"
    r"|(?:\w+ ){1,2}(?:days?|weeks?|months?|years?) ago"
)


def day_told(words: str, published: date) -> str | None:
    """Return words in small letters with the day that they mean in an article of that date.

    "Friday" is the last one up to the article's date, and then told as "3 may 2024"; "Friday
    evening" and "last week" are told with that day or the article's date behind them. None is
    returned for all other words, and in an article whose date is none.
    """
    # Programs write 1 January of the year 1 where they have no date.
    if published.year == date.min.year or _RELATIVE.fullmatch(words) is None:
        return None
    weekday = next((day for day in WEEKDAYS if day in words), None)
    if weekday is None or "next" in words:
        return f"{words} {published.isoformat()}"
    day = published - timedelta((published.weekday() - WEEKDAYS.index(weekday)) % 7)
    if _WEEKDAY.fullmatch(words) is None:
        return f"{words} {day.isoformat()}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
