"""The text of an answer: quotations, marks, and indexes that fit."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from api.links import SourceLinks
from api.replies.answer_text import ABSTAINING, AnswerText, answer_text, count_tokens
from qa.answers import Answer, Citation, Context, Outcome
from qa.deciding.agreement import Agreement
from qa.dialogue.turns import Role, Turn, exchanges_of
from qa.markdown import unescaped
from qa.values import Article, Sentence

TEXT = (
    "Anna Lind 😀 founded it. She wrote 42 songs. <b>“All”</b> of them ![x](http://evil.example)."
)
LINKS = SourceLinks("https://quoth.example/")


def article(**fields: str) -> Article:
    return Article("songs", 'Lind\'s "songs"', TEXT, **fields)  # type: ignore[arg-type]


def cited(start: int, end: int, answer: str, *, of: Article | None = None) -> Citation:
    at = TEXT.index(answer, start)
    return Citation(
        article=of or article(),
        sentence=Sentence(0, start, end),
        quote=TEXT[start:end],
        answer_start=at,
        answer_end=at + len(answer),
        answer=answer,
        prefix="",
        suffix="",
    )


FIRST, SECOND, THIRD = (0, 23), (24, 43), (44, len(TEXT))


def outcome(
    *answers: Answer, note: str | None = None, agreement: Agreement | None = None
) -> Outcome:
    return Outcome("?", answers, answers, 0.9, {"total": 1.0}, None, agreement, note)


def marked(text: AnswerText) -> list[str]:
    return [text.text[mark.start : mark.end] for mark in text.marks]


def test_an_answer_stands_before_its_sentence() -> None:
    text = answer_text(
        outcome(Answer("42 songs", 0.9, (cited(*SECOND, "42 songs"),))), [], links=LINKS
    )
    assert text.text.splitlines()[0] == "“42 songs” — “She wrote 42 songs.” [1]"
    assert marked(text) == ["[1]"]


def test_an_answer_that_is_the_whole_sentence_is_said_once() -> None:
    whole = TEXT[slice(*SECOND)]
    text = answer_text(outcome(Answer(whole, 0.9, (cited(*SECOND, whole),))), [], links=LINKS)
    assert text.text.splitlines()[0] == f"“{whole}” [1]"


def test_marks_are_found_behind_emoji_and_are_numbered_throughout() -> None:
    answers = (
        Answer("Anna Lind 😀", 0.9, (cited(*FIRST, "Anna Lind 😀"), cited(*SECOND, "She"))),
        Answer("42", 0.5, (cited(*SECOND, "42"),)),
    )
    text = answer_text(outcome(*answers), [], links=LINKS)
    assert marked(text) == ["[1]", "[2]", "[3]"]
    assert text.text.count("\n\n") == 2


def test_the_sentence_that_names_a_pronoun_is_quoted_before() -> None:
    citation = cited(*SECOND, "42")
    context = Context(Sentence(0, *FIRST), TEXT[slice(*FIRST)])
    with_context = Citation(
        **{field: getattr(citation, field) for field in citation.__slots__ if field != "context"},
        context=context,
    )
    text = answer_text(outcome(Answer("42", 0.9, (with_context,))), [], links=LINKS)
    assert text.text.startswith("“42” — “Anna Lind 😀 founded it.” … “She wrote 42 songs.” [1]")


def test_every_word_before_the_definitions_is_quoted() -> None:
    text = answer_text(outcome(Answer("All", 0.9, (cited(*THIRD, "All"),))), [], links=LINKS).text
    prose = text.split("\n\n[1]: ")[0]
    assert unescaped(prose) == f"“All” — “{TEXT[slice(*THIRD)]}” [1]"


def test_markdown_in_a_quotation_is_shown_and_does_nothing() -> None:
    whole = TEXT[slice(*THIRD)]
    reading = answer_text(outcome(), [cited(*THIRD, whole)], links=LINKS).text
    for text in (answer_text(outcome(ALL), [], links=LINKS).text, reading):
        page = MarkdownIt("commonmark").render(text)
        assert "“&lt;b&gt;“All”&lt;/b&gt; of them ![x](http://evil.example).” <a href=" in page
        assert page.count("<a ") == 1


def test_a_number_in_brackets_in_an_article_is_no_mark_of_ours() -> None:
    of = Article("opera", "Opera", "Alice Bond wrote 3 operas [1].")
    asked = Citation(of, Sentence(0, 0, 30), of.text, 17, 18, "3", "", "")
    text = answer_text(outcome(Answer("3", 0.9, (asked,))), [], links=LINKS)
    assert text.text.splitlines()[0] == r"“3” — “Alice Bond wrote 3 operas \[1].” [1]"
    assert marked(text) == ["[1]"]


def paragraphs(text: AnswerText) -> list[str]:
    return text.text.split("\n\n")


FORTY_TWO = Answer("42", 0.9, (cited(*SECOND, "42"),))
ALL = Answer("All", 0.5, (cited(*THIRD, "All"),))


def test_where_articles_differ_the_text_says_so_behind_the_answers() -> None:
    text = answer_text(outcome(FORTY_TWO, ALL, agreement=Agreement.DIFFER), [], links=LINKS)
    first, _, said, definitions = paragraphs(text)
    assert first == "“42” — “She wrote 42 songs.” [1]"
    assert said == "The articles do not agree."
    assert definitions.startswith("[1]: <")


def test_where_articles_differ_and_one_answer_is_given_there_is_said_to_be_another() -> None:
    text = answer_text(outcome(FORTY_TWO, agreement=Agreement.DIFFER), [], links=LINKS)
    assert paragraphs(text)[1] == "The articles do not agree: another answer is likely too."


@pytest.mark.parametrize("agreement", [Agreement.SINGLE, Agreement.AGREE])
def test_where_no_article_gives_another_answer_nothing_is_said_of_it(agreement: Agreement) -> None:
    text = answer_text(outcome(FORTY_TWO, agreement=agreement), [], links=LINKS)
    assert text == answer_text(outcome(FORTY_TWO), [], links=LINKS)


def test_the_note_of_an_answer_comes_last() -> None:
    noted = outcome(FORTY_TWO, note="Why not.", agreement=Agreement.DIFFER)
    assert paragraphs(answer_text(noted, [], links=LINKS))[2] == "Why not."


def test_what_is_said_behind_the_answers_is_no_part_of_them_in_the_next_turn() -> None:
    noted = outcome(FORTY_TWO, note="Why not.", agreement=Agreement.DIFFER)
    turns = [Turn(Role.USER, "How many songs?")]
    turns.append(Turn(Role.ASSISTANT, answer_text(noted, [], links=LINKS).text))
    assert exchanges_of(turns)[0].answer == "42"


def test_as_what_a_question_was_asked_comes_last_and_is_no_part_of_the_answer() -> None:
    whole = TEXT[slice(*SECOND)]
    given = outcome(Answer(whole, 0.9, (cited(*SECOND, whole),)))
    for found in (given, outcome()):
        text = answer_text(replace(found, asked="Who wrote the *songs*?"), [], links=LINKS).text
        said = text.partition("\n\n[1]: ")[0]
        assert said.splitlines()[-1] == "Asked as: Who wrote the \\*songs\\*?"
        [exchange] = exchanges_of([Turn(Role.USER, "Who?"), Turn(Role.ASSISTANT, text)])
        assert exchange.answer == (whole if found is given else None)


def test_abstaining_offers_reading_and_no_answer() -> None:
    reading = [cited(*SECOND, TEXT[slice(*SECOND)])]
    text = answer_text(outcome(note="Why not."), reading, links=LINKS)
    assert text.text.startswith(f"{ABSTAINING} Why not. Nearest passages, as further reading:")
    assert "\n\n“She wrote 42 songs.” [1]\n\n[1]: " in text.text
    assert marked(text) == ["[1]"]


def test_abstaining_without_any_passage_is_one_sentence() -> None:
    assert answer_text(outcome(), [], links=LINKS).text == ABSTAINING


def test_an_article_with_an_address_is_cited_there_at_the_quote() -> None:
    on_the_web = cited(*SECOND, "42", of=article(url="https://example.org/songs"))
    assert LINKS.source(on_the_web) == (
        "https://example.org/songs#:~:text=She%20wrote%2042%20songs."
    )


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "file:///etc/passwd"])
def test_other_articles_are_cited_in_our_viewer(url: str | None) -> None:
    citation = cited(*SECOND, "42", of=article() if url is None else article(url=url))
    assert LINKS.source(citation) == "https://quoth.example/articles/songs#char=24,43"


def test_a_definition_names_the_title_and_cannot_be_left() -> None:
    on_the_web = article(url="https://example.org/a b>c\n[2]: x")
    answer = Answer("42", 0.9, (cited(*SECOND, "42", of=on_the_web),))
    last = answer_text(outcome(answer), [], links=LINKS).text.splitlines()[-1]
    assert re.fullmatch(
        r'\[1\]: <https://example\.org/a%20b%3Ec%0A[^<>\s]*> "Lind\'s \\"songs\\""', last
    )


def test_no_quotation_is_cut_by_a_limit() -> None:
    answers = (
        Answer("42", 0.9, (cited(*SECOND, "42"),)),
        Answer("All", 0.5, (cited(*THIRD, "All"),)),
    )
    first = "“42” — “She wrote 42 songs.” [1]"
    text = answer_text(outcome(*answers), [], links=LINKS, max_tokens=count_tokens(first))
    assert (text.text, text.complete) == (first, False)
    none = answer_text(outcome(*answers), [], links=LINKS, max_tokens=3)
    assert (none.text, none.marks, none.complete) == ("", (), False)


def test_the_text_ends_before_a_stop() -> None:
    answer = Answer("42", 0.9, (cited(*SECOND, "42"),))
    text = answer_text(outcome(answer), [], links=LINKS, stops=["\n", "nowhere"])
    assert text.text == "“42” — “She wrote 42 songs.” [1]"
    assert marked(text) == ["[1]"]
    assert text.complete
