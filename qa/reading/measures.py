"""What a question about money is not answered by: "3.6 litres"."""

import re

_HAS = r"(?:am|are|can|could|did|do|does|had|has|have|is|must|should|was|were|will|would)"
_ASKS_FOR_MONEY = re.compile(
    rf"\bhow much {_HAS}\b.*\b(?:costs?|charged?|charges|pays?|paid|earn(?:s|ed)?|sold for)\b",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"(?<![^\W\d_])(?:years?|months?|weeks?|days?|hours?|minutes?|ml|litres?|liters?|km|miles?|k?g|tonnes?|tons?"
    r"|(?:kilo|centi|milli)?(?:met(?:er|re)s?|gram(?:me)?s?))\W*$",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£$€¥]|\b(?:dollars?|euros?|pounds?|pence|cents?|shillings?|francs?|kron\w+|USD|EUR|GBP|CHF)\b",
    re.IGNORECASE,
)


def is_of_other_measure(answer: str, question: str) -> bool:
    """Return whether an answer measures time, length, volume or weight where a price is asked for.

    "£5 a day" is a price.
    """
    if _ASKS_FOR_MONEY.search(question) is None or _MONEY.search(answer) is not None:
        return False
    return _OTHER_UNIT.search(answer) is not None
