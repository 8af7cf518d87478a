"""Which sentence names whom another one speaks of, or who speaks in it."""

import pytest

from index.splitting.sentences import split_sentences
from qa.citing.context import attributing_sentence, naming_sentence
from qa.citing.unnamed import has_unnamed_speaker
from qa.values import Article, Sentence


def naming(text: str) -> str | None:
    """Return what names the subject of the last sentence."""
    *before, last = split_sentences(text)
    found = naming_sentence(text, before, last)
    return None if found is None else text[found.start : found.end]


def test_the_nearest_sentence_with_a_name_and_its_own_subject_is_taken() -> None:
    text = "Erna Solberg led Norway. Jens Stoltenberg followed. He told Politico so. He left."
    assert naming(text) == "Jens Stoltenberg followed."


BRANDT = "Otto Brandt ran the museum. He was followed by his daughter, Elsa Brandt."
FORT = "Fort Belling was built by Karl von Rehn."
NOVEL = "Ama Boateng grew up in Ghana. She published her first novel, “The Salt Road”."
SYKES = "A jury found Rupert Sykes guilty. Judge Helen Marsh sentenced him to prison."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(f"{BRANDT} She retired.", "He was followed", id="she-behind-he"),
        pytest.param(f"{BRANDT} He died.", "Otto Brandt", id="he-behind-he"),
        pytest.param(
            "Yu met Ann. Nadia beat Chen Yu. The match in Tbilisi was short. He left.",
            "Nadia beat",
            id="no-place-for-he",
        ),
        pytest.param("Ann beat Chen Yu. Yu had won before. He left.", "Yu had", id="first-word"),
        pytest.param("“It was money,” Fiona Grant said. She left.", "“It was", id="who-said-so"),
        pytest.param(
            "Gro Vik led the inquiry. Dahl was charged in May. His trial opens soon.",
            "Dahl was",
            id="a-last-name-first",
        ),
        pytest.param(
            "Gro Vik led it. Fog was there, for fog had come. She was late.",
            "Gro Vik",
            id="a-word-that-the-text-has-is-no-name",
        ),
        pytest.param(
            "Gro Vik led it. Nobody was there. She was late.", "Gro Vik", id="nobody-is-no-name"
        ),
        pytest.param(
            "Castell, 49, took over. She left. The affair has cost clerk Bea Oyelowo her job. "
            "She stepped down.",
            "The affair",
            id="an-affair-is-not-she",
        ),
        pytest.param(
            "Bea Oyelowo came. The mayor thanked Ann Castell. She stepped down.",
            "Bea Oyelowo",
            id="a-mayor-may-be-she",
        ),
        pytest.param(
            "Bea Oyelowo came. The cause is a scandal for which Ann Cole left. She stepped down.",
            "Bea Oyelowo",
            id="whom-a-clause-names-is-hardly-she",
        ),
        pytest.param(
            "Judge Helen Marsh ruled. It rained. It snowed. Ann Castell won. She cheered. "
            "The judge ordered a recount.",
            "Judge Helen",
            id="the-judge-that-was-named",
        ),
        pytest.param(f"{NOVEL} It won a prize.", "She published", id="it-behind-she"),
        pytest.param(f"{NOVEL} She wrote on.", "Ama Boateng", id="she-behind-she"),
        pytest.param(f"{FORT} The fort was large. It fell.", "Fort", id="it-is-the-fort"),
        pytest.param(
            "She gave to a hospital. The hospital was built by Jo Ponti. It has beds.",
            "The hospital",
            id="the-noun-itself",
        ),
        pytest.param(f"{FORT} The fort has five bastions.", "Fort", id="the-same-noun"),
        pytest.param(f"{FORT} The garrison has left.", None, id="another-noun"),
        pytest.param(f"{FORT} Governor Amara Okafor came. The fort has five.", "Fort", id="nearer"),
        pytest.param(
            f"{FORT} The leader, Jo Asare, came. The dam, on which work goes on, is new. "
            "Its cost is put at $3.6 billion.",
            "The dam, on",
            id="the-noun-right-before",
        ),
        pytest.param(
            "The new bank is Hart. Some, such as Breit, do not regard it as safe. It has branches.",
            "The new bank",
            id="regard-it",
        ),
        pytest.param(
            "Amadou Keita made films. Mikhail Romm was his teacher, as was Lev Katz. He won.",
            "Amadou",
            id="his-teacher",
        ),
        pytest.param(
            "Ann Ray spoke. The University of Bologna gave her a prize. She took it.",
            "Ann Ray",
            id="gave-her-a",
        ),
        pytest.param(
            "Ann Ray wrote the book. In English it appeared only in 2006. She left.",
            "Ann Ray",
            id="no-language-for-she",
        ),
        pytest.param(
            "Boreal Lines paid. Its chief executive, Toomas Kallas, stayed. “I shall,” he said.",
            "Its chief",
            id="its-chief-for-he",
        ),
        pytest.param(
            "The chip is from Kyoto. It will be sold soon, Mei Strauss said. She was glad.",
            "It will",
            id="who-said-it-will",
        ),
        pytest.param(
            "Leo Fenn, a botanist, was born. After the fire the boy was sent to Luke. He read.",
            "Leo Fenn",
            id="the-boy",
        ),
        pytest.param(
            "Leo Fenn went. Roses did badly; he planted Corsican pines. In 1915 he left.",
            "Leo Fenn",
            id="he-in-the-second-clause",
        ),
        pytest.param(
            "Ann Ray will leave the company in May. The company expects more.",
            None,
            id="a-person-names-no-company",
        ),
        pytest.param(
            "The trial AURORA failed. In that trial a dose of 60 mg was used.",
            "The trial",
            id="in-that-trial",
        ),
        pytest.param(
            "He knew that coal would bring the railway. It came in 1886.",
            "He knew",
            id="right-before",
        ),
        pytest.param(
            "Huw says stout.\n\nI wrote that jelly needs 80 g. It should be 800 g.",
            "I wrote",
            id="not-of-another-paragraph",
        ),
        pytest.param(
            "Ole says so.\n\nIs it the first?\n\nVery well. It was in May.",
            "Is it the",
            id="the-question-that-it-answers",
        ),
        pytest.param("Jim Roe was angry. The officials said so.", None, id="persons"),
        pytest.param("Jim Roe was angry. The official said so.", "Jim Roe", id="a-person"),
    ],
)
def test_what_is_pointed_to_is_named_by_what_may_be_it(text: str, named: str | None) -> None:
    found = naming(text)
    assert found is None if named is None else (found or "").startswith(named)


def speaker_named_in(text: str) -> str | None:
    """Return what names who speaks in the last sentence."""
    *before, last = split_sentences(text)
    assert has_unnamed_speaker(text[last.start : last.end])
    found = attributing_sentence(text, before)
    return None if found is None else text[found.start : found.end]


def test_who_speaks_is_named_by_the_nearest_sentence_that_says_so(seed_article: Article) -> None:
    text = seed_article.text[: seed_article.text.index("That confrontation could take")]
    assert "said Andrea Kendall-Taylor, director of" in (speaker_named_in(text.rstrip()) or "")
    assert speaker_named_in("Ada Moss grew up in Leeds. “We were poor.") is None
    assert speaker_named_in("It was cold, he said. We were poor.") is None
    assert speaker_named_in("“We won,” said Ann Ray. “It was hard.”") == "“We won,” said Ann Ray."
    heard = "We sail soon, I hope; Lt. Poole says to France. I saw Edwin."
    assert speaker_named_in(heard) is None
    assert (
        speaker_named_in("We sail soon, Ann Ray said. I saw Edwin.")
        == "We sail soon, Ann Ray said."
    )
    assert speaker_named_in("That said, Russia is testing us. We must be aware.") is None


@pytest.mark.parametrize("item", ["- Casa Verde", "2. Ann Ray opens", "Club | Rovers | 4"])
def test_an_item_of_a_list_or_table_names_nobody_behind_it(item: str) -> None:
    text = f"{item}\n\nHe left."
    last = Sentence(1, len(item) + 2, len(text))
    assert naming_sentence(text, [Sentence(0, 0, len(item))], last) is None
    assert naming("Ann Ray opens. He left.") == "Ann Ray opens."


def test_a_sentence_more_than_three_before_is_too_far() -> None:
    filler = "Much was said then. "
    assert naming(f"Jens Stoltenberg came. {filler * 2}He left.") == "Jens Stoltenberg came."
    assert naming(f"Jens Stoltenberg came. {filler * 3}He left.") is None


def test_whom_a_run_of_sentences_calls_she_is_named_before_it() -> None:
    run = "She went to Leeds. In 1961 she became a professor. It was late. Her book sold well. "
    assert naming(f"Ada Moss left. {run}She died.") == "Ada Moss left."
    assert naming(f"Ada Moss left. {run}{'Much was said then. ' * 3}She died.") is None
    assert naming(f"Ada Moss left. {'It was late. He left. ' * 2}She died.") is None
    others = "William Astbury found her a place. "
    assert naming(f"Ada Moss left. {f'{run}{others}{others}' * 2}She died.") == "Ada Moss left."


def test_in_the_seed_article_he_is_lukashenko(seed_article: Article) -> None:
    text = seed_article.text[: seed_article.text.index(" Lukashenko has also sent")]
    assert (naming(text) or "").startswith("The longtime dictator of Belarus, Alexander Lukashenko")
