"""Markdown files become the plain text that a reader of the page would see."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources import Skipped
from qa.values import Article

Read = Callable[..., list[Article | Skipped]]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param(
            "# A *b*\nText.\n\nSetext\nhead\n===", "A b\n\nText.\n\nSetext head", id="headings"
        ),
        pytest.param("soft\n  break\n\nnext", "soft break\n\nnext", id="soft-break"),
        pytest.param("hard  \nbreak\\\nagain", "hard\nbreak\nagain", id="hard-break"),
        pytest.param(
            "[a *link*](http://x.y 'title') **bold** ![al *t*](u) <http://x.y>",
            "a link bold al t http://x.y",
            id="links-and-emphasis",
        ),
        pytest.param("- a\n- b\n\n* c", "- a\n- b\n\n- c", id="bullets"),
        pytest.param("- a\n\n- b\n\n  c", "- a\n- b\nc", id="loose-list"),
        pytest.param("3) a\n7) b", "3. a\n4. b", id="numbers"),
        pytest.param("- a\n  1. b\n  2. c\n- d", "- a\n  1. b\n  2. c\n- d", id="inner-list"),
        pytest.param("a `x  < y &amp;` b", "a x  < y &amp; b", id="code-in-a-line"),
        pytest.param("```py\nif a:\n\n    *b*\n```", "if a:\n\n    *b*", id="fence"),
        pytest.param("t\n\n    code\n      more", "t\n\ncode\n  more", id="indented-code"),
        pytest.param("|a|*b*|\n|-|-|\n|1|2 \\| 3|\n|x||\n", "a | b\n1 | 2 | 3\nx |", id="table"),
        pytest.param("> q\n> r\n>\n> s", "q r\n\ns", id="quote"),
        pytest.param("a\n\n***\n\nb", "a\n\nb", id="rule"),
        pytest.param("x<sub title='a>b'>2</sub> a<br/>b", "x2 a\nb", id="html-in-a-line"),
        pytest.param(
            "<div>\n<p>One &eacute;</p><p>T<b>w</b>o</p>\n<script>alert(1)</script>\n</div>",
            "One é\n\nTwo",
            id="html-block",
        ),
        pytest.param(
            "<ul><li>One thing</li>\n<LI>Two</LI></ul>", "One thing\n\nTwo", id="html-list"
        ),
        pytest.param(
            "<table>\n<tr><th>Name</th><th>Born</th></tr>\n<tr>\n<td>Ada</td>\n<td>1815<br>May</td>\n"
            "</tr>\n</table>",
            "Name | Born\nAda | 1815\nMay",
            id="html-table",
        ),
        pytest.param("a ~~b~~ ~c", "a b ~c", id="struck"),
        pytest.param("| | |\n|-|-|\n|1|2|\n", "1 | 2", id="table-without-a-head"),
        pytest.param(
            "A fact.[^1] More[^b]: all [^x] `[^1]`\n\n[^1]: It *is*.\n[^b]: http://x.y",
            "A fact. More: all [^x] [^1]\n\nIt is. http://x.y",
            id="footnotes",
        ),
        pytest.param("A fact[^1].\n\n[^1]: http://x.y", "A fact.", id="footnote-of-a-link"),
        pytest.param(
            "a <script>alert(*1*)</script>b <STYLE>p{}</style>c", "a b c", id="script-in-a-line"
        ),
        pytest.param("a\n\n<!-- hidden\n\nstill --> \n\nb", "a\n\nb", id="html-comment"),
        pytest.param("&lt;b&gt; &copy; &#233; \\*", "<b> © é *", id="entities"),
        pytest.param("[x]: http://x.y\n\n[x]", "x", id="reference"),
        pytest.param("---\n\nHello\n\n---\n\nx", "Hello\n\nx", id="rules-are-no-front-matter"),
        pytest.param("a\r\nb\r\rc", "a b\n\nc", id="newlines"),
    ],
)
def test_markdown_is_stored_as_plain_text(read: Read, markdown: str, text: str) -> None:
    [article] = read("a.md", markdown)
    assert isinstance(article, Article)
    assert article.text == text


def test_front_matter_gives_the_fields_and_is_not_in_the_text(read: Read) -> None:
    front_matter = (
        "\ufeff---\r\nid: a/b\r\ntitle: 1984\r\nurl: /posts/1\r\n"
        "date: 2021-11-15 10:00:00 +0200\r\n"
        "author: Ann\r\nsource: ~\r\nlanguage: no\r\ntags: [2021, war]\r\n"
        "rating: 4\r\nseen: 2020-01-02\r\n---\r\n# Heading\r\n"
    )
    assert read("a.md", front_matter) == [
        Article(
            article_id="a/b",
            title="1984",
            text="Heading",
            url="/posts/1",
            published=date(2021, 11, 15),
            authors=("Ann",),
            language="no",
            tags=("2021", "war"),
            metadata={"rating": 4, "seen": "2020-01-02"},
        )
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Quoth: a guide",
        "'Quoth' and its users: a guide",
        '"Quoth" for all',
        "[Draft] Quoth's guide",
        "@quoth # one",
        "*Quoth*",
    ],
)
def test_a_value_of_one_line_that_is_no_yaml_is_text(read: Read, written: str) -> None:
    [article] = read("a.md", f"---\ntitle: {written}\nsummary: for: all\nauthor: Ann\n---\nx")
    assert isinstance(article, Article)
    assert article.title == written
    assert article.metadata["summary"] == "for: all"
    assert article.authors == ("Ann",)


@pytest.mark.parametrize("line_end", ["\n", "\x85", "\u2028"])
def test_the_line_that_is_no_yaml_is_found_behind_any_end_of_a_line(
    read: Read, line_end: str
) -> None:
    [article] = read("a.md", f"---\nrank: 1{line_end}title: Quoth: a guide\ntags: [b]\n---\nx")
    assert isinstance(article, Article)
    assert (article.title, article.tags) == ("Quoth: a guide", ("b",))


def test_not_every_line_may_be_no_yaml(read: Read) -> None:
    fields = "\n".join(f"f{number}: for: all" for number in range(200))
    [skipped] = read("a.md", f"---\n{fields}\n---\nx")
    assert isinstance(skipped, Skipped)
    assert "is not YAML in line 22" in skipped.reason


def test_front_matter_may_be_toml(read: Read) -> None:
    front_matter = (
        '+++\ntitle = "1984: a year"\ndate = 2021-11-15T10:00:00+02:00\nauthor = "Ann"\n'
        'tags = ["war"]\ndraft = false\n[seen]\nfirst = 2020-01-02\n+++\n# Heading\n'
    )
    assert read("a.md", front_matter) == [
        Article(
            article_id="a",
            title="1984: a year",
            text="Heading",
            published=date(2021, 11, 15),
            authors=("Ann",),
            tags=("war",),
            metadata={"draft": False, "seen": {"first": "2020-01-02"}},
        )
    ]


@pytest.mark.parametrize(
    ("name", "markdown", "title"),
    [
        pytest.param("my-notes.md", "---\ntitle: T\n---\n# H\nx", "T", id="front-matter"),
        pytest.param("my-notes.md", "x\n\n#\n\n## *H* 2\n\n# I", "H 2", id="first-heading"),
        pytest.param("my-notes.md", "x", "My notes", id="file-name"),
        pytest.param("000_1a.md", "x *y*", "x y", id="first-line"),
    ],
)
def test_the_title_is_stated_or_the_first_heading_or_as_for_plain_text(
    read: Read, name: str, markdown: str, title: str
) -> None:
    [article] = read(name, markdown)
    assert isinstance(article, Article)
    assert article.title == title


@pytest.mark.parametrize(
    ("markdown", "reason"),
    [
        pytest.param("<!-- only a comment -->", "the text is empty", id="nothing-to-see"),
        pytest.param("---\ntitle: T\n---\n", "the text is empty", id="only-front-matter"),
        pytest.param("---\na: b\n  c: d\n---\nx", "is not YAML in line 3", id="no-mapping"),
        pytest.param("---\na: [b, c\n---\nx", "is not YAML in line 2", id="list-without-end"),
        pytest.param("---\na: &x [1]\nb: *x\n---\nx", "aliases (*name)", id="alias"),
        pytest.param("---\na: 1\na: 2\n---\nx", "field 'a' is there twice", id="twice"),
        pytest.param("---\na: !!python/object:os.x {}\n---\nx", "not YAML", id="python-tag"),
        pytest.param("---\na: !!int x\n---\nx", "not usable YAML", id="wrong-tag"),
        pytest.param("---\na: 2021-13-45\n---\nx", "not usable YAML", id="no-such-day"),
        pytest.param("---\na: .nan\n---\nx", "has no form in JSON", id="nan"),
        pytest.param("---\n[a]: b\n---\nx", "name is not a plain word", id="name-is-a-list"),
        pytest.param("---\na: " + "[" * 2000 + "\n---\nx", "nested too deep", id="deep-yaml"),
        pytest.param("---\npublished: soon\n---\nx", "field 'published': met 'soon'", id="date"),
        pytest.param("---\ntitle: [a]\n---\nx", "field 'title': met ['a'] (a list)", id="title"),
        pytest.param("+++\na = 1\nb: 2\n+++\nx", "(at line 3, column 2)", id="toml"),
        pytest.param("+++\na = nan\n+++\nx", "has no form in JSON", id="toml-nan"),
        pytest.param("+++\na = " + "[" * 9000 + "\n+++\nx", "nested too deep", id="deep-toml"),
        pytest.param("+++\ntitle = 1984\n+++\nx", "met 1984 (a number)", id="toml-title"),
        pytest.param('---\nx: "\\uD800"\n---\nx', "half of a surrogate pair", id="surrogate"),
        pytest.param("> " * 120 + "x", "nested too deep for Markdown", id="deep-quotes"),
    ],
)
def test_a_file_that_cannot_be_used_is_skipped_with_the_reason(
    read: Read, markdown: str, reason: str
) -> None:
    [skipped] = read("notes/a.md", markdown)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "notes/a.md"
    assert reason in skipped.reason


def test_quotes_as_deep_as_allowed_lose_nothing(read: Read) -> None:
    [article] = read("a.md", "> " * 98 + "deep")
    assert isinstance(article, Article)
    assert article.text == "deep"


# fmt: off
_MARKDOWN_PIECES = [
    "# ", "- ", "1. ", "> ", "    ", "```\n", "|a|b|\n|-|-|\n", "*", "**", "`", "[", "](", ")",
    "![", "<b>", "<div>", "<!--", "-->", "<script>", "&#xD800;", "&#0;", "&amp;", "\\", "---", "\n",
    "\n\n", "\r\n", "\t", "  \n", "word", "é", "[x]: y\n",
]
_YAML_PIECES = [
    "title", "published", "tags", "x", ": ", "- ", "[", "]", "{", "}", "!!int ", "!!set ", "? ",
    "!!timestamp ", "!!binary ", "!!omap ", "!!bool ", "<<", "|", ">", "&a ", "*a", "'", '"', "\n",
    "\n  ", "2021-11-15", "0x", ".inf", "~", "12:30", "%", "#", ", ",
]
# fmt: on
_MARKDOWN = st.lists(st.sampled_from(_MARKDOWN_PIECES) | st.text(max_size=5), max_size=25)


@given(markdown=_MARKDOWN.map("".join))
@settings(max_examples=300)
def test_random_markdown_never_raises(read: Read, markdown: str) -> None:
    [result] = read("a.md", markdown.encode(errors="ignore"))
    if isinstance(result, Article):
        assert result.text.encode()
        assert "\r" not in result.text


_YAML = st.lists(st.sampled_from(_YAML_PIECES) | st.text(max_size=3), max_size=15)


@given(yaml=_YAML.map("".join))
@settings(max_examples=300)
def test_random_front_matter_never_raises(read: Read, yaml: str) -> None:
    for mark in ("---", "+++"):
        [result] = read("a.md", f"{mark}\n{yaml}\n{mark}\ntext".encode(errors="ignore"))
        assert isinstance(result, Article | Skipped)
