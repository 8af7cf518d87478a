"""Questions about another name or year than the articles tell of."""

import random

import pytest

from scripts.evaluation.other_names import OtherNames, with_other_names
from scripts.evaluation.question_file import KnownQuestion, Reference

LISBON = KnownQuestion(
    id="lisbon",
    title="Lisbon",
    context="The tram came to Lisbon in 1901, and the Carris company ran it.",
    question="When did the tram come to Lisbon?",
    answers=(Reference(text="1901", answer_start=27),),
)
PORTO = KnownQuestion(
    id="porto",
    title="Porto",
    context="The Dom Luís bridge in Porto has had two decks since 1886.",
    question="What has had two decks since 1886?",
    answers=(Reference(text="The Dom Luís bridge", answer_start=0),),
)
CAIRO = KnownQuestion(
    id="cairo",
    title="Cairo",
    context="Cairo lies on the Nile.",
    question="On which river does Cairo lie?",
    answers=(Reference(text="the Nile", answer_start=14),),
)

ASKED_OF_LAKE = KnownQuestion(
    id="lake",
    title="Lago Como",
    context="At its end it is 410 metres deep.",
    question="How deep is Lago Como at its end?",
    answers=(Reference(text="410 metres", answer_start=17),),
)
ASKED_OF_TOWER = LISBON.model_copy(update={"question": "How old is Torre Belem by now?"})


def test_the_name_is_one_that_another_title_is_asked_about() -> None:
    asked = with_other_names([LISBON, PORTO, CAIRO])
    assert asked[0] == LISBON
    lisbon = asked[1]
    assert lisbon.question == "When did the tram come to Cairo?"
    assert (lisbon.answers, lisbon.context, lisbon.title) == ((), LISBON.context, "Lisbon")
    assert lisbon.id != LISBON.id


@pytest.mark.parametrize("seed", range(20))
def test_a_year_is_another_that_the_context_does_not_mention(seed: int) -> None:
    changed = OtherNames.of([PORTO]).put_into(PORTO, random.Random(seed))
    assert changed is not None
    year = int(changed.question.removeprefix("What has had two decks since ").rstrip("?"))
    assert 1856 <= year <= 1916
    assert year != 1886


def test_a_question_that_names_nothing_is_left_as_it_is() -> None:
    nameless = LISBON.model_copy(update={"question": "When did the tram come?"})
    assert with_other_names([nameless, CAIRO]) == [nameless, CAIRO]


def test_a_name_that_the_context_mentions_is_not_taken() -> None:
    told = LISBON.model_copy(update={"context": f"{LISBON.context} It came to Cairo later."})
    asked = [one.id for one in with_other_names([told, CAIRO])]
    assert asked == ["lisbon", "cairo", "cairo (other name)"]


def test_of_names_of_several_words_often_only_one_is_changed() -> None:
    names = OtherNames.of([ASKED_OF_LAKE, ASKED_OF_TOWER])
    changed = [names.put_into(ASKED_OF_LAKE, random.Random(seed)) for seed in range(50)]
    asked = {one.question for one in changed if one is not None}
    assert asked == {
        f"How deep is {name} at its end?" for name in ("Torre Belem", "Torre Como", "Lago Belem")
    }
