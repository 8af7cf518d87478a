"""Exact match and F1 of one predicted answer, by the rules of the official SQuAD scripts.

Source: Rajpurkar et al. 2016 and 2018, `evaluate-v1.1.py` and `evaluate-v2.0.py`.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """Lower-case, drop ASCII punctuation and English articles, and fold white space."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, references: Sequence[str]) -> float:
    """Return 1.0 if the prediction equals a reference after normalising, else 0.0.

    No references means that the question is unanswerable: only an empty prediction is right.
    """
    return max(
        float(normalize_answer(prediction) == normalize_answer(reference))
        for reference in references or [""]
    )


def f1(prediction: str, references: Sequence[str]) -> float:
    """Return the best word-overlap F1 (0 to 1) of the prediction against the references.

    Where either side is empty after normalising, F1 is 1.0 if both are and 0.0 otherwise.
    """
    return max(_f1(prediction, reference) for reference in references or [""])


def _f1(prediction: str, reference: str) -> float:
    predicted = normalize_answer(prediction).split()
    expected = normalize_answer(reference).split()
    if not predicted or not expected:
        return float(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    return 2 * shared / (len(predicted) + len(expected))
