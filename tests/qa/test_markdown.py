"""Whatever a quotation holds, Markdown shows its words and nothing else."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.markdown import escaped, unescaped

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKED = "“{}” [1]\n\n[1]: <https://quoth.example/articles/a>"
PIECES = [
    *"\\`*_{}[]()#+-.!|<>&~=:;/\"'^$% \n\t",
    *("a", "Zoë", "42", "1", "1. ", "# ", "> ", "- ", "---", "```", "~~~", "__", "**", "  "),
    *("[1]", "[1]: <x>", "![", "](", "https://evil.example", "<b>", "</", "<!--", "&amp;", "&#35;"),
]


def shown(markdown: str) -> tuple[str, list[str]]:
    """Return the text that a renderer shows, and what it makes of it besides."""
    tokens = RENDERER.parse(markdown)
    inline = [part for token in tokens for part in token.children or []]
    blocks = [token.type for token in tokens if not token.children]
    text = "".join(_text(part) for part in inline)
    return text, blocks + [part.type for part in inline if part.type not in ("text", "softbreak")]


def _text(part: Token) -> str:
    return "\n" if part.type == "softbreak" else part.content


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("See ![map](https://evil.example/p.png) and [the plan](https://evil.example).")
@example("It was built in 1911 [1].")
@example("ship <script>alert(1)</script> <https://evil.example> &lt;b&gt; __init__")
@example("Of the ship:\n# The crew\n1. the cook\n   - a cat\n> a dog\n```\nrm\n~~~\n===\na|b\n-|-")
def test_a_renderer_shows_the_words_and_makes_nothing_of_them(words: str) -> None:
    # No quotation has a blank line, and Markdown drops blanks around the end of a line.
    words = re.sub(r"[ \t]*\n\s*", "\n", words).strip()
    text, made = shown(MARKED.format(escaped(words)))
    assert text == f"“{words}” 1"
    assert made == ["paragraph_open", "paragraph_close", "link_open", "link_close"]


@given(st.text())
@example("a \\* b \\\\ c\\")
def test_the_words_come_back(words: str) -> None:
    assert unescaped(escaped(words)) == words


@pytest.mark.parametrize(
    "words",
    [
        "“Mr. O’Neil (born 1911) paid $5.50 - not $6! - for snake_case & A/B: <3, 50% of it; #1.”",
        "https://en.wikipedia.org/wiki/Night_watch?a=1&b=2#x-y",
        "שלום עולם",
    ],
)
def test_words_that_do_nothing_in_markdown_stay_as_they_are(words: str) -> None:
    assert escaped(words) == words
