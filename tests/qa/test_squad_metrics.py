"""The official SQuAD rules, on cases worked out by hand."""

import pytest

from qa.squad_metrics import exact_match, f1, normalize_answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kremlin", "kremlin", id="capitals"),
        pytest.param("the Kremlin", "kremlin", id="english-article"),
        pytest.param("a man, an hour", "man hour", id="articles-anywhere"),
        pytest.param("another theory", "another theory", id="articles-only-as-whole-words"),
        pytest.param("U.S.", "us", id="full-stops"),
        pytest.param("the-end", "theend", id="punctuation-goes-before-articles"),
        pytest.param("Biden’s", "biden’s", id="only-ascii-punctuation"),
        pytest.param("  Nord \n Stream\t2 ", "nord stream 2", id="white-space"),
        pytest.param("$1,000", "1000", id="dollars-and-commas"),
        pytest.param("The A.", "", id="nothing-left"),
    ],
)
def test_answers_are_normalised_as_the_official_script_does(text: str, expected: str) -> None:
    assert normalize_answer(text) == expected


@pytest.mark.parametrize(
    ("prediction", "references", "expected"),
    [
        pytest.param("The Kremlin.", ["kremlin"], 1.0, id="equal-after-normalising"),
        pytest.param("Dmitry Peskov", ["Peskov"], 0.0, id="longer-than-the-reference"),
        pytest.param("Peskov", ["Dmitry Peskov", "Peskov"], 1.0, id="any-reference-counts"),
        pytest.param("stream nord", ["Nord Stream"], 0.0, id="order-matters"),
        pytest.param("", [], 1.0, id="rightly-abstained"),
        pytest.param("Peskov", [], 0.0, id="wrongly-answered"),
        pytest.param("", ["Peskov"], 0.0, id="wrongly-abstained"),
    ],
)
def test_exact_match(prediction: str, references: list[str], expected: float) -> None:
    assert exact_match(prediction, references) == expected


@pytest.mark.parametrize(
    ("prediction", "references", "expected"),
    [
        # 1 word shared: precision 1/2, recall 1/1.
        pytest.param("Dmitry Peskov", ["Peskov"], 2 / 3, id="one-of-two-words"),
        # 2 words shared: precision 2/3, recall 2/4.
        pytest.param("old red fox", ["quick red fox cub"], 4 / 7, id="two-of-three-and-four"),
        pytest.param("stream nord", ["Nord Stream"], 1.0, id="order-does-not-matter"),
        # "no" is shared once, though predicted twice: precision 1/2, recall 1/1.
        pytest.param("no no", ["no"], 2 / 3, id="repeated-words-count-once-each"),
        pytest.param("the fox", ["a fox"], 1.0, id="articles-do-not-count"),
        pytest.param("fox", ["dog", "red fox"], 2 / 3, id="the-best-reference-counts"),
        pytest.param("fox", ["dog"], 0.0, id="nothing-shared"),
        pytest.param("", [], 1.0, id="rightly-abstained"),
        pytest.param("fox", [], 0.0, id="wrongly-answered"),
        pytest.param("", ["fox"], 0.0, id="wrongly-abstained"),
    ],
)
def test_f1(prediction: str, references: list[str], expected: float) -> None:
    assert f1(prediction, references) == pytest.approx(expected)
