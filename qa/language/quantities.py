"""Numbers, amounts, dates and times in one spelling, so that equal ones can be told."""

import re
from collections.abc import Callable
from decimal import Decimal

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TIMES_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS, _TENS = _BELOW_TWENTY.split(), _TIMES_TEN.split()
_NUMBERS = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_ZEROS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MAGNITUDES = {**_ZEROS, "m": 6, "mn": 6, "bn": 9}
_OF_THE_YEAR = (
    "january february march april may june july august september october november december"
)
MONTHS = _OF_THE_YEAR.split()
"""The months of a year in small letters, in order."""
_OF_THE_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = _OF_THE_WEEK.split()
"""The days of a week in small letters, in order."""

_BELOW_TWENTY_FIRST = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {word: number for number, word in enumerate(_BELOW_TWENTY_FIRST.split(), start=1)}
ORDINALS = (*_ORDINALS, "thirtieth")
"""Words that say which one of several, in small letters; "twenty-first" is made of two."""

_CURRENCIES = {
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "usd": "dollars",
    "eur": "euros",
    "gbp": "pounds",
    "chf": "swiss francs",
}

_NUMBER_WORD = re.compile(
    rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(_UNITS[1:10])})|({'|'.join(_NUMBERS)}))\b"
)
_ORDINAL_WORD = re.compile(
    rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(list(_ORDINALS)[:9])})|({'|'.join(_ORDINALS)}))\b"
)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])|\b\d{1,3}(?: \d{3})+\b(?!,\d)")
_PER_CENT = re.compile(r"\s*(?:%|\bper\s?cent\b)")
_LARGE = re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)[ -]?({'|'.join(_ZEROS)}|bn)s?\b")
_LARGE_AMOUNT = re.compile(r"(?<=[$€£])(\d+(?:\.\d+)?) ?(mn?|bn)\b")
_NO_DECIMALS = re.compile(r"(?<![\d.])(\d+)\.0+(?!\.?\d)")
_AMOUNT = re.compile(r"(?:\bus ?)?([$€£]|\b(?:usd|eur|gbp|chf)\b) ?(\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"(?<=\d )(dollar|euro|pound|swiss franc)\b")
_PENCE = re.compile(r"(?<![\d.])(\d+)(?: pence|p)\b(?!\.)")
_SIGN_BEHIND = re.compile(r"(?<=\d) ?(€|(?:usd|eur|gbp|chf)\b)")
_UNIT = re.compile(r"(?<=\d)[ -]?(kilo|centi|milli)?(?:(met(?:er|re)s?)|(gram(?:me)?s?))\b")
_SHORT_UNIT = re.compile(r"(?<=\d) ?([kcm]?m|kg)\b")
_PREFIXES = {"kilo": "k", "centi": "c", "milli": "m", None: ""}
_SQUARE = re.compile(r"(?<=\d) ?(?:square|sq\.?) (?:(kilo|centi|milli)?met(?:er|re)s?|(k?m))\b")
_SPEED = re.compile(r"(?<=\d) ?(?:km (?:per|an) hour|kmh|kph)\b")
_DEGREES = re.compile(r"(?<=\d)(?: ?°| degrees?) ?(?:(c|celsius)|f|fahrenheit)\b")
_DURATION = re.compile(r"(?<=\d)[ -]?(?:(min(?:ute)?s?)|(h(?:(?:ou)?rs?)?)|y(?:ea)?rs?)\b")
_TIME = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.]([0-5]\d))? ?([ap]m)\b")
_AFTER_NOON = re.compile(r"(?<![\w:.])(1[3-9]|2[0-3]):([0-5]\d)(?![\w:])")
_WEEKDAY = re.compile(
    r"\b(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,? "
    rf"(?=\d{{1,2}} (?:{'|'.join(MONTHS)}),? \d{{4}}\b)"
)
_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST = re.compile(rf"\b{_MONTH} {_DAY}\b(?!:|\.\d)")
_DAY_FIRST = re.compile(rf"\b{_DAY}(?: of)? {_MONTH}(?!\w)")
_MONTH_OF_YEAR = re.compile(rf"\b{_MONTH},? (?=\d{{4}}\b)")


def in_one_spelling(text: str) -> str:
    """Return a text in small letters with its numbers, amounts, dates and times spelt alike.

    "twenty-five" is "25", "1.2 million" and "1 200 000" are "1200000", "$3.5bn" is "3500000000
    dollars", "415 pence" is "4.15 pounds", "5 per cent" is "5%", "five kilometres" is "5 km",
    "9 am" is "9:00 am", "20:00" is "8:00 pm", "third" is "3rd", and "Sept. 3rd, 1950" and
    "1950-09-03" are "3 september 1950". An "m" is a million only behind a sign of currency.
    """
    spelt = _NUMBER_WORD.sub(_in_digits, _ORDINAL_WORD.sub(_ordinal, text))
    spelt = _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), spelt)
    spelt = _PER_CENT.sub("%", spelt)
    spelt = _LARGE.sub(_multiplied, _LARGE_AMOUNT.sub(_multiplied, spelt))
    spelt = _PENCE.sub(lambda match: f"{Decimal(match[1]) / 100:.2f} pounds", spelt)
    spelt = _AMOUNT.sub(lambda match: f"{match[2]} {_CURRENCIES[match[1]]}", spelt)
    spelt = _SIGN_BEHIND.sub(lambda match: f" {_CURRENCIES[match[1]]}", spelt)
    spelt = _CURRENCY.sub(r"\1s", spelt)
    spelt = _TIME.sub(lambda m: f"{int(m[1])}:{m[2] or '00'} {m[3]}", spelt)
    spelt = _AFTER_NOON.sub(lambda match: f"{int(match[1]) - 12}:{match[2]} pm", spelt)
    spelt = _NO_DECIMALS.sub(r"\1", spelt)
    return _WEEKDAY.sub("", _with_dates(_with_short_units(spelt)))


def _with_short_units(text: str) -> str:
    spelt = _SQUARE.sub(lambda m: f" {m[2] or _PREFIXES[m[1]] + 'm'}2", text)
    spelt = _SHORT_UNIT.sub(r" \1", _UNIT.sub(_short_unit, spelt))
    spelt = _DEGREES.sub(lambda match: " °c" if match[1] else " °f", _SPEED.sub(" km/h", spelt))
    return _DURATION.sub(lambda m: " min" if m[1] else " h" if m[2] else " years", spelt)


def _ordinal(match: re.Match[str]) -> str:
    tens, unit, alone = match.groups()
    number = _ORDINALS[alone] if alone else _NUMBERS[tens] + _ORDINALS[unit]
    return f"{number}{'th' if 10 < number < 20 else _ENDINGS.get(number % 10, 'th')}"


def _in_digits(match: re.Match[str]) -> str:
    tens, unit, alone = match.groups()
    return str(_NUMBERS[alone] if alone else _NUMBERS[tens] + _NUMBERS[unit])


def _multiplied(match: re.Match[str]) -> str:
    number = Decimal(match[1]).scaleb(_MAGNITUDES[match[2]])
    return str(int(number)) if number == int(number) else str(number)


def _short_unit(match: re.Match[str]) -> str:
    return f" {_PREFIXES[match[1]]}{'m' if match[2] else 'g'}"


def _with_dates(text: str) -> str:
    dated = _ISO_DATE.sub(lambda m: f"{int(m[3])} {MONTHS[int(m[2]) - 1]} {m[1]}", text)
    dated = _MONTH_FIRST.sub(_date(day=2, month=1), dated)
    dated = _DAY_FIRST.sub(_date(day=1, month=2), dated)
    return _MONTH_OF_YEAR.sub(lambda match: f"{_month(match[1])} ", dated)


def _date(*, day: int, month: int) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{int(match[day])} {_month(match[month])}"


def _month(name: str) -> str:
    return next(month for month in MONTHS if month.startswith(name[:3]))
