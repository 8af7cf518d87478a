"""Web pages: the article of an HTML file, without the menus and links that stand around it.

What on a page is the article, and what the page says of it, trafilatura decides (Barbaresi 2021,
"Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction").
"""

import codecs
import logging
import re
from typing import TYPE_CHECKING

from index.sources.article_fields import ArticleFields, article_of_file, parse_fields
from index.sources.source_file import NotInstalledError, SourceFile
from index.sources.stored_text import read_bytes, stored_text
from index.sources.web_page.cells import repeat_spanning_cells
from index.sources.web_page.fields import saved_from, stated_fields
from index.sources.web_page.text import render_page
from qa.errors import SourceError
from qa.values import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_NOT_SHOWN = [
    "//template",
    "//body//*[@hidden and not(@hidden='until-found')]",
    "//*[@class='mw-editsection']",
]
# An ingredient that can be ticked off is text, and what is quoted within a line stands in it.
_WITHIN_A_LINE = "//li//label | //q"
# All that a line may hold; a `div` of nothing else is a paragraph.
_IN_LINES = "a|abbr|b|br|cite|code|em|font|i|img|kbd|s|small|span|strong|sub|sup|time|u|wbr"
_UNTAGGED_PARAGRAPHS = "//div[(br or ancestor::details) and not(.//*[not({})])]".format(
    " or ".join(f"self::{tag}" for tag in _IN_LINES.split("|"))
)
# Unless the page's end is in it, for one that nobody closed.
_SHOWN_AS_WRITTEN = "//pre[not(.//code or .//div or .//p or .//table or .//li)]"
# In other tables they may be a menu's.
_LISTS_OF_VALUES = "//tr[th]/td//*[self::ul or self::ol]"
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHARSET_WITHIN = 4_096
_READ_AS_CP1252 = frozenset({"iso8859-1", "ascii"})


def read_web_page(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the page's article, with the title, date, authors and so on that the page states.

    What the page states in a form that cannot be used, such as a date that is none, is left out.

    Raises SourceError or OSError if there is no article to be had, NotInstalledError if what
    reads pages is not installed.
    """
    where = file.shown_name
    content = read_bytes(file.path, where=where, max_bytes=max_bytes)
    came_from, content = saved_from(content)
    page = _parsed(content, max_bytes=max_bytes)
    if page is None:
        raise _no_article(where)
    _keep_what_is_read(page)
    article = _article_on(page, where=where)
    text = stored_text(render_page(article.body), where=where, max_bytes=max_bytes)
    fields, _ = parse_fields(
        ArticleFields, stated_fields(article, page, came_from=came_from), where=where
    )
    return article_of_file(file, fields, text)


def _parsed(content: bytes, *, max_bytes: int) -> "HtmlElement | None":
    try:
        from trafilatura import load_html
    except ModuleNotFoundError as error:
        raise NotInstalledError("a web page", "html") from error
    # It logs each page on which it finds nothing; that is told as skipped.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page: HtmlElement | None = load_html(_decoded(content), max_bytes)
    return page


def _decoded(content: bytes) -> str | bytes:
    """Return the content as browsers read it, or as it is where nothing says how.

    trafilatura would guess, and one wrong byte would spoil every letter that is not ASCII.
    """
    declared = _CHARSET.search(content, 0, _CHARSET_WITHIN)
    if declared is None:
        return content
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    try:
        name = codecs.lookup(declared[1].decode()).name
        return content.decode("cp1252" if name in _READ_AS_CP1252 else name, "replace")
    except (LookupError, UnicodeError):
        return content


def _keep_what_is_read(page: "HtmlElement") -> None:
    """Give what trafilatura takes for noise, or for a border, the tags of what it keeps."""
    for element in page.xpath(_WITHIN_A_LINE):
        element.drop_tag()
    for paragraph in page.xpath(_UNTAGGED_PARAGRAPHS):
        paragraph.tag = "p"
    for values in page.xpath(_LISTS_OF_VALUES):
        values.tag = "div"
        for value in values.iterchildren("li"):
            value.tag = "p"
    for shown_as_written in page.xpath(_SHOWN_AS_WRITTEN):
        _wrap_in_code(shown_as_written)
    repeat_spanning_cells(page)


def _wrap_in_code(element: "HtmlElement") -> None:
    """Make what stands in an element code, of which trafilatura keeps the lines."""
    code = element.makeelement("code")
    code.text, element.text = element.text, None
    code.extend(list(element))
    element.append(code)


def _article_on(page: "HtmlElement", *, where: str) -> "Document":
    article = _extracted(page)
    # Of a short article all that the page has is taken, as one paragraph.
    if article is not None and [block.tag for block in article.body] == ["p"]:
        article = _extracted(page, min_characters=1) or article
    if article is None:
        raise _no_article(where)
    return article


def _no_article(where: str) -> SourceError:
    return SourceError(
        where, "is a page on which no article was found; leave it out, or save its text"
    )


def _extracted(page: "HtmlElement", *, min_characters: int = 250) -> "Document | None":
    from trafilatura import bare_extraction
    from trafilatura.settings import Document, Extractor

    options = Extractor(
        output_format="python",
        comments=False,
        formatting=True,
        with_metadata=True,
        # Handed on as they are; the annotation knows of strings alone.
        date_params={"extensive_search": False, "original_date": True},  # type: ignore[dict-item]
    )
    options.min_extracted_size = min_characters
    article = bare_extraction(page, options=options, prune_xpath=_NOT_SHOWN)
    return article if isinstance(article, Document) else None
