"""What an article of a Word file holds: what its reader would read, and what it states."""

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document

from index.sources import Skipped, SourceFile, find_source_files, read_articles
from index.sources.word.package import MAX_UNPACKED_BYTES
from qa.values import Article

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")


def saved(document: Document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def package(body: str, **parts: str) -> bytes:
    """The least that is a Word file: a body, and other parts by the kinds of their relations."""
    content = io.BytesIO()
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>'
        for kind in [*parts, "image"]
    )
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{RELATIONS}/officeDocument" Target="/word/document.xml"/></Relationships>',
        )
        packed.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        packed.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        )
        for kind, part in parts.items():
            packed.writestr(f"word/{kind}.xml", part)
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            part = old.read(entry)
            new.writestr(entry, change(part) if entry == name else part)
    return changed.getvalue()


def read(folder: Path, content: bytes, *, name: str = "000_1.docx") -> Article | Skipped:
    (folder / name).write_bytes(content)
    (found,) = read_articles(SourceFile(folder / name, name))
    return found


def article_of(folder: Path, content: bytes) -> Article:
    found = read(folder, content)
    assert isinstance(found, Article), found
    return found


def reason(folder: Path, content: bytes) -> str:
    found = read(folder, content)
    assert isinstance(found, Skipped)
    assert not found.is_unread
    return found.reason


def report() -> Document:
    document = docx.Document()
    document.add_heading("Council backs steel footbridge", 0)
    vote = document.add_paragraph("The council voted ")
    vote.add_run("nine to two").bold = True
    vote.add_run(" for a bridge of 40 m")
    vote.add_run("2").font.superscript = True
    vote.add_run(".\nIt will cost £412,000.")
    document.add_heading("Who bid", 1)
    table = document.add_table(3, 3)
    cells = ("Firm", "Tender", "Day", "Tidewell & Sons", "£412,000", "", "", "£455,000", "3 May")
    for place, text in enumerate(cells):
        table.cell(place // 3, place % 3).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_heading("What happens next", 1)
    document.add_paragraph("The order is signed.", style="List Number")
    document.add_paragraph("Work begins:", style="List Number")
    document.add_paragraph("first the piles,", style="List Bullet 2")
    document.add_paragraph("then the deck.", style="List Bullet 2")
    document.add_paragraph("")
    document.add_paragraph("The clerk  types <id>.")
    return document


TEXT = f"""Council backs steel footbridge

The council voted nine to two for a bridge of 40 m².
It will cost £412,000.

Who bid

Firm | Tender | Day
Tidewell & Sons | £412,000 |{" "}
Tidewell & Sons | £455,000 | 3 May

What happens next

1. The order is signed.
2. Work begins:
  - first the piles,
  - then the deck.

The clerk types <id>."""


def test_the_text_has_the_form_of_other_articles(tmp_path: Path) -> None:
    assert article_of(tmp_path, saved(report())).text == TEXT


def test_what_the_properties_state_becomes_the_articles_fields(tmp_path: Path) -> None:
    document = report()
    stated = document.core_properties
    stated.title, stated.author = "Footbridge", "Nora Fields; Jane Holt"
    stated.created, stated.language = datetime(2024, 3, 12, 18, 4), "en-GB"
    stated.keywords = "council, bridge; river"
    article = article_of(tmp_path, saved(document))
    assert article.article_id == "000_1"
    assert article.title == "Footbridge"
    assert article.published == date(2024, 3, 12)
    assert article.authors == ("Nora Fields", "Jane Holt")
    assert article.language == "en-GB"
    assert article.tags == ("council", "bridge", "river")


def test_what_a_template_states_is_not_said_of_the_article(tmp_path: Path) -> None:
    document = report()
    document.core_properties.title = "Word Document"
    article = article_of(tmp_path, saved(document))
    assert article.title == "Council backs steel footbridge"
    assert (article.published, article.authors) == (None, ())


def test_a_heading_that_the_text_begins_with_is_its_title(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("The kiln", 1)
    document.add_paragraph("It is hot.")
    assert article_of(tmp_path, saved(document)).title == "The kiln"


def test_a_day_that_is_none_is_left_out(tmp_path: Path) -> None:
    content = with_part(
        saved(report()),
        "docProps/core.xml",
        lambda part: part.replace(b"2013-12-23T", b"2023-02-31T"),
    )
    assert article_of(tmp_path, content).published is None


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field_of(code: str, result: str) -> str:
    borders = [
        f'<w:r><w:fldChar w:fldCharType="{at}"/></w:r>' for at in ("begin", "separate", "end")
    ]
    return (
        f"{borders[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{borders[1]}{result}{borders[2]}"
    )


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        pytest.param(
            f"{run('In ')}<w:del>{run('ten')}<w:r><w:delText>ten</w:delText></w:r></w:del>"
            f"<w:ins>{run('nine')}</w:ins>{run(' hours.')}",
            "In nine hours.",
            id="tracked-changes",
        ),
        pytest.param(
            f"<w:moveFrom>{run('Gone ')}</w:moveFrom>{run('Here')}"
            f"<w:moveTo>{run(' now')}</w:moveTo>",
            "Here now",
            id="moved",
        ),
        pytest.param(
            f"{run('See ')}<w:hyperlink>{run('the map')}</w:hyperlink>"
            f"<w:smartTag><w:smartTag>{run(' of Ely')}</w:smartTag></w:smartTag>",
            "See the map of Ely",
            id="links-and-smart-tags",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Nora')}</w:sdtContent></w:sdt>"
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
            f"<w:sdtContent>{run('Click here to enter text.')}</w:sdtContent></w:sdt>",
            "Nora",
            id="content-controls",
        ),
        pytest.param(
            run("Seen") + run(" hidden", "<w:vanish/>") + run(" too", '<w:vanish w:val="0"/>'),
            "Seen too",
            id="hidden",
        ),
        pytest.param(
            run("On ")
            + field_of(f"IF {field_of('DATE', run('1 May'))} a b", run("2 May"))
            + run("."),
            "On 2 May.",
            id="fields",
        ),
        pytest.param(
            f'<w:fldSimple w:instr="AUTHOR">{run("Holt")}</w:fldSimple><w:r><w:br/></w:r>'
            "<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>m</w:t><w:softHyphen/><w:t>ail</w:t><w:tab/>"
            '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Arial" w:char="00E9"/></w:r>',
            "Holt\ne-mail é",
            id="characters",
        ),
        pytest.param(
            "<mc:AlternateContent><mc:Choice><w:r><w:pict><w:txbxContent><w:p>"
            f"{run('In the box.')}</w:p></w:txbxContent></w:pict></w:r></mc:Choice><mc:Fallback>"
            f"{run('Again.')}</mc:Fallback></mc:AlternateContent>{run('Beside it.')}",
            "Beside it.\n\nIn the box.",
            id="text-box",
        ),
        pytest.param(
            run("It covers 9 m") + run("2", '<w:position w:val="8"/>'),
            "It covers 9 m²",
            id="raised",
        ),
        pytest.param(
            "<w:ruby><w:rt><w:r><w:t>toukyou</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby>",
            "東京",
            id="ruby",
        ),
        pytest.param(
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
            "</m:den></m:f><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r>"
            "</m:sup></m:sSup></m:oMath>",
            "1/2x²",
            id="formula",
        ),
        pytest.param(
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{run("x")}</w:p><w:p>{run("The rest.")}',
            "The rest.",
            id="a-field-that-never-ends",
        ),
    ],
)
def test_of_a_paragraph_its_reader_gets_what_is_seen(
    tmp_path: Path, inside: str, text: str
) -> None:
    said = article_of(tmp_path, package(f"<w:p>{run('One.')}</w:p><w:p>{inside}</w:p>")).text
    assert said == f"One.\n\n{text}"


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}</w:p>"


def test_what_a_deleted_end_or_a_big_first_letter_parts_is_one_paragraph(tmp_path: Path) -> None:
    body = (
        paragraph("T", '<w:framePr w:dropCap="drop"/>')
        + paragraph("he kiln ", "<w:rPr><w:del/></w:rPr>")
        + paragraph("is hot.")
        + paragraph("Last", "<w:rPr><w:del/></w:rPr>")
    )
    assert article_of(tmp_path, package(body)).text == "The kiln is hot.\n\nLast"


def test_what_stands_in_content_controls_of_a_document_is_read(tmp_path: Path) -> None:
    inner = f"<w:sdtContent>{paragraph('Two.')}</w:sdtContent>"
    body = f"{paragraph('One.')}<w:sdt>{inner}</w:sdt><w:customXml>{paragraph('3.')}</w:customXml>"
    assert article_of(tmp_path, package(body)).text == "One.\n\nTwo.\n\n3."


STYLES = f"""<w:styles {NAMES}>
<w:style w:type="paragraph" w:styleId="a" w:default="1"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="U1"><w:name w:val="heading 1"/><w:pPr><w:numPr>
<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="U2"><w:basedOn w:val="U1"/><w:name w:val="heading 2"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="I"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="N"><w:name w:val="Note"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {NAMES}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/>
<w:lvlText w:val="(%1)"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0">
<w:startOverride w:val="26"/></w:lvlOverride></w:num></w:numbering>"""


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def item(text: str, level: int = 0, *, of: int = 2) -> str:
    numbering = f'<w:ilvl w:val="{level}"/><w:numId w:val="{of}"/>'
    return paragraph(text, f"<w:numPr>{numbering}</w:numPr>")


def test_paragraphs_have_the_numbers_that_word_shows(tmp_path: Path) -> None:
    body = [
        *(styled("Scope1", "I"), styled("Scope", "U1"), styled("Area", "U2"), styled("Fee", "U2")),
        *(styled("Terms", "U1"), styled("Start", "U2"), item("one"), item("two"), item("in", 1)),
        *(item("in", 1), item("three"), item("in", 1), item("not", of=0), item("four", of=3)),
        item("five", of=3),
    ]
    content = package("".join(body), styles=STYLES, numbering=NUMBERING)
    assert article_of(tmp_path, content).text == (
        "1 Scope\n\n1.1 Area\n\n1.2 Fee\n\n2 Terms\n\n2.1 Start\n\n(c) one\n(d) two\n  I. in\n"
        "  II. in\n(e) three\n  I. in\n\nnot\n\n(z) four\n(aa) five"
    )


def test_notes_that_are_referred_to_follow_the_text_and_others_are_left_out(
    tmp_path: Path,
) -> None:
    def note(kind: str, note_id: int, text: str, more: str = "") -> str:
        return f'<w:{kind} w:id="{note_id}" {more}><w:p><w:r/>{run(text)}</w:p></w:{kind}>'

    footnotes = note("footnote", 0, "---", 'w:type="separator"') + "".join(
        note("footnote", number, f" Foot {number}.") for number in (1, 2, 3)
    )
    body = (
        f'<w:p>{run("It cost £9")}<w:r><w:endnoteReference w:id="1"/></w:r>'
        '<w:r><w:footnoteReference w:id="0"/><w:footnoteReference w:id="3"/></w:r>'
        '<w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:del>'
        f'<w:r><w:footnoteReference w:id="1"/></w:r>{run(".")}</w:p>'
    )
    content = package(
        body,
        footnotes=f"<w:footnotes {NAMES}>{footnotes}</w:footnotes>",
        endnotes=f"<w:endnotes {NAMES}>{note('endnote', 1, 'End.')}</w:endnotes>",
    )
    assert article_of(tmp_path, content).text == "It cost £9.\n\nFoot 3.\n\nFoot 1.\n\nEnd."


def test_words_in_a_hidden_style_are_hidden(tmp_path: Path) -> None:
    hidden = run(" Not.", '<w:rStyle w:val="N"/>')
    body = f"<w:p>{run('Seen.')}{hidden}</w:p>"
    assert article_of(tmp_path, package(body, styles=STYLES)).text == "Seen."


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table_of(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        pytest.param(
            table_of(
                cell("Fares", '<w:gridSpan w:val="3"/>'),
                cell("Class") + cell("Day") + cell("Fare"),
                cell("First", '<w:vMerge w:val="restart"/>') + cell("Sunday") + cell("£9"),
                cell("", "<w:vMerge/>") + cell("Monday") + cell("£8"),
                cell("Both", '<w:gridSpan w:val="2"/>') + cell("£17"),
            ),
            "Fares\n\nClass | Day | Fare\nFirst | Sunday | £9\nFirst | Monday | £8\nBoth |  | £17",
            id="merged-cells",
        ),
        pytest.param(
            table_of(
                cell("a", '<w:gridSpan w:val="2"/>') + cell("b"),
                cell("c") + cell("d", '<w:gridSpan w:val="2"/>'),
            ),
            "a | b\nc | d",
            id="borders-that-do-not-meet",
        ),
        pytest.param(
            table_of(
                cell("a") + cell("b"),
                f"<w:trPr><w:del/></w:trPr>{cell('x')}{cell('y')}",
                f"<w:sdt><w:sdtContent>{cell('c')}</w:sdtContent></w:sdt>{cell('d')}",
            ),
            "a | b\nc | d",
            id="deleted-rows-and-content-controls",
        ),
        pytest.param(
            table_of(cell("A frame.") + f"<w:tc>{table_of(cell('a') + cell('b'))}<w:p/></w:tc>"),
            "A frame.\n\na | b",
            id="a-table-in-a-table",
        ),
        pytest.param(table_of(cell("One."), cell("Two.")), "One.\n\nTwo.", id="a-frame"),
    ],
)
def test_a_table_has_its_cells_in_their_columns(tmp_path: Path, table: str, text: str) -> None:
    assert article_of(tmp_path, package(table + paragraph("End."))).text == f"{text}\n\nEnd."


def test_a_strict_document_is_read_like_any_other(tmp_path: Path) -> None:
    usual, strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    content = with_part(
        package(paragraph("One.")), "word/document.xml", lambda part: part.replace(usual, strict)
    )
    assert article_of(tmp_path, content).text == "One."


BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "is an empty file", id="empty"),
        pytest.param(
            ENCRYPTED, "is protected with a password; save a copy without", id="protected"
        ),
        pytest.param(
            ENCRYPTED[:8] + b"\0" * 9, "is in the old format of Word .* save it as", id="doc"
        ),
        pytest.param(b"Dear Sir", "is not a Word file, or a damaged one; open it", id="text"),
        pytest.param(saved(report())[:9_000], "is a damaged Word file; open it", id="cut-off"),
        pytest.param(
            with_part(package(""), "_rels/.rels", lambda _: b"<a/>"),
            "is a zip archive without a Word document in it",
            id="another-zip",
        ),
        pytest.param(
            with_part(package(""), "word/document.xml", lambda part: part[:-3]),
            "is a damaged Word file",
            id="not-xml",
        ),
        pytest.param(
            with_part(
                package("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"),
                "word/document.xml",
                lambda part: BOMB.encode() + part,
            ),
            "is a damaged Word file",
            id="entities",
        ),
        pytest.param(package(""), "the text is empty", id="no-text"),
    ],
)
def test_a_file_without_an_article_is_skipped_with_what_to_do(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert re.match(expected, reason(tmp_path, content))


def with_stated_size(content: bytes, name: str, size: int) -> bytes:
    """The same archive, whose directory says that a part is as long as that."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        real = packed.getinfo(name).file_size
    return content.replace(real.to_bytes(4, "little"), size.to_bytes(4, "little"))


def test_a_file_that_unpacks_to_something_huge_is_skipped_unread(tmp_path: Path) -> None:
    content = package(paragraph("One." + " " * 9_999))
    huge = with_stated_size(content, "word/document.xml", MAX_UNPACKED_BYTES + 1)
    assert re.match(r"unpacks to more than 100000000 bytes; split it", reason(tmp_path, huge))


def test_no_more_is_unpacked_than_the_directory_says(tmp_path: Path) -> None:
    content = package(paragraph("One." + " " * 9_999))
    lying = with_stated_size(content, "word/document.xml", 300)
    assert re.match("is a damaged Word file", reason(tmp_path, lying))


def test_pictures_do_not_count_for_the_size(tmp_path: Path) -> None:
    content = package(paragraph("One."), image="x" * 9_999)
    huge = with_stated_size(content, "word/image.xml", MAX_UNPACKED_BYTES + 1)
    assert article_of(tmp_path, huge).text == "One."


def test_where_nothing_reads_word_files_none_is_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = saved(report())
    monkeypatch.setitem(sys.modules, "lxml.etree", None)
    found = read(tmp_path, content)
    assert isinstance(found, Skipped)
    assert found.is_unread
    assert "pip install 'quoth[word]'" in found.reason


def test_documents_are_found_and_the_files_beside_open_ones_are_not(tmp_path: Path) -> None:
    for name in ("a.docx", "a.txt", "b.DOCX", "~$a.docx"):
        (tmp_path / name).write_bytes(b"")
    assert [file.article_id for file in find_source_files([tmp_path])] == ["a.docx", "a.txt", "b"]
