"""What an article of a PDF holds: what its reader would read, on which pages, what it states."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from index.sources import Skipped, find_source_files
from index.sources.pdf import read as pdf_module
from qa.pages import page_of
from qa.values import Article
from tests.index.sources.made_pdf import Printed, made_pdf, prose

Read = Callable[..., list[Article | Skipped]]
PARAGRAPH = (
    "The authority published its assessment of the lower Sele",
    "valley on Tuesday. Groundwater has recovered from the",
    "drought, but nitrate still exceeds the permitted value.",
)
JOINED = " ".join(PARAGRAPH)


def text_of(read: Read, *pages: Sequence[Printed]) -> str:
    return article_of(read, *pages).text


def article_of(read: Read, *pages: Sequence[Printed], **stated: str) -> Article:
    (article,) = read("sele.pdf", made_pdf(pages, stated))
    assert isinstance(article, Article), article
    return article


def reason(read: Read, content: bytes, **options: int) -> str:
    (skipped,) = read("sele.pdf", content, **options)
    assert isinstance(skipped, Skipped)
    assert not skipped.is_unread
    return skipped.reason


def test_the_lines_of_a_paragraph_are_joined_and_more_space_begins_another(read: Read) -> None:
    page = [*prose(PARAGRAPH), *prose(PARAGRAPH, first=650)]
    assert text_of(read, page) == f"{JOINED}\n\n{JOINED}"


def test_an_indent_begins_a_paragraph(read: Read) -> None:
    page = prose([*PARAGRAPH, *PARAGRAPH])
    page[3] = page[3]._replace(left=84)
    assert text_of(read, page) == f"{JOINED}\n\n{JOINED}"


def test_a_line_that_had_room_for_the_next_word_ends_on_purpose(read: Read) -> None:
    page = prose(["Water Authority", "12 Quay Street", "Pellworth, where all letters go"])
    assert text_of(read, page).split("\n") == [printed.text for printed in page]


@pytest.mark.parametrize(
    "heading",
    [Printed(72, 714, "The wells of our valley", 16), Printed(72, 712, "The wells", font="bold")],
    ids=["large", "bold"],
)
def test_a_heading_stands_on_a_line_of_its_own(read: Read, heading: Printed) -> None:
    assert text_of(read, [heading, *prose(PARAGRAPH)]) == f"{heading.text}\n\n{JOINED}"


def test_items_stand_a_line_each_with_one_kind_of_mark(read: Read) -> None:
    page = [
        Printed(72, 700, "•"),
        Printed(90, 700, "Protect the catchment around the wells"),
        Printed(90, 688, "of Pellworth."),
        Printed(72, 676, "• Meter."),
        *prose(["1. Sign the order of the council, in May", "2. Build."], first=640),
    ]
    assert text_of(read, page) == (
        "- Protect the catchment around the wells of Pellworth.\n- Meter.\n"
        "1. Sign the order of the council, in May\n2. Build."
    )


def test_a_table_stays_rows_whose_cells_are_apart(read: Read) -> None:
    rows = [("Plant", "2022", "2023"), ("Pellworth", "12.4", "13.9"), ("Kessock", "8.1", "9.0")]
    page = [
        Printed(72 + 100 * column, 700 - 12 * row, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    assert text_of(read, page) == "\n".join(map(" | ".join, rows))


def test_two_columns_are_read_one_after_the_other_though_the_file_has_rows(read: Read) -> None:
    left = prose([f"line {n} of the first column, and then" for n in range(6)])
    right = prose([f"line {n} of the second column, and then" for n in range(6)], left=320)
    page = [printed for both in zip(left, right, strict=True) for printed in both]
    assert text_of(read, page) == " ".join(printed.text for printed in [*left, *right])


def test_a_word_broken_at_a_line_s_end_is_joined_where_the_document_has_it_whole(
    read: Read,
) -> None:
    page = prose(
        [
            "The assessment of the ground-",
            "water is new. Groundwater in the long-",
            "term view recovers; the long-term view is good, said the muni-",
            "cipality.",
        ]
    )
    text = text_of(read, page)
    assert "the groundwater is new" in text
    assert "in the long-term view" in text
    assert text.endswith("said the municipality.")


def test_in_doubt_a_hyphen_stays(read: Read) -> None:
    text = text_of(
        read, prose(["She took the chair as vice-", "president of the Anglo-", "Danish club"])
    )
    assert text == "She took the chair as vice-president of the Anglo-Danish club"


def test_ligatures_are_letters(read: Read) -> None:
    assert text_of(read, prose(["The ofﬁce was ﬂooded"])) == "The office was flooded"


def test_a_note_s_number_is_no_digit_of_the_amount_before_it(read: Read) -> None:
    page = [Printed(72, 700, "It costs 412"), Printed(123.2, 704, "3", 6)]
    assert text_of(read, page) == "It costs 412³"


def test_what_stands_slanted_or_across_is_no_part_of_the_text(read: Read) -> None:
    page = [*prose(PARAGRAPH), Printed(200, 300, "DRAFT", 60, turn="0.7 0.7 -0.7 0.7")]
    assert text_of(read, page) == JOINED


def test_a_page_that_was_turned_is_read_as_it_is_seen(read: Read) -> None:
    lines = [Printed(100 + 12 * n, 72, line, turn="0 1 -1 0") for n, line in enumerate(PARAGRAPH)]
    (article,) = read("sele.pdf", made_pdf([lines], rotate=90))
    assert isinstance(article, Article)
    assert article.text == JOINED


def test_running_heads_and_feet_are_left_out_and_a_paragraph_goes_on_over_the_page(
    read: Read,
) -> None:
    halves = [
        ["The first page tells of the canal, which", "was dug by subscribers from"],
        ["Pellworth and is maintained by the water", "authority. On the second page the"],
        ["third is announced; it says no more than", "that the end is near."],
    ]
    pages = [
        [
            Printed(72, 750, "Annual report"),
            Printed(480, 750, f"Page {number} of 3"),
            *prose(lines),
            Printed(300, 40, f"- {number} -"),
        ]
        for number, lines in enumerate(halves, start=1)
    ]
    article = article_of(read, *pages)
    assert article.text == " ".join(line for lines in halves for line in lines)
    starts = article.metadata["page_starts"]
    assert starts == [0, article.text.index("Pellworth"), article.text.index("third is")]


def test_a_caption_at_the_foot_does_not_run_on(read: Read) -> None:
    caption = Printed(150, 60, "Figure 2: the wells")
    second = prose(["of the valley, which were dug in the spring and the", "summer of 2021."])
    text = text_of(read, [*prose(PARAGRAPH), caption], second)
    assert text.startswith(f"{JOINED}\n\nFigure 2: the wells\n\nof the valley, which")


def test_what_differs_from_page_to_page_is_no_running_head(read: Read) -> None:
    pages = [prose([f"District {number} spent {1000 * number} euros"]) for number in (4, 7, 9)]
    assert text_of(read, *pages).count("District") == 3


def test_notes_at_the_foot_come_before_the_paragraph_that_runs_on_over_them(read: Read) -> None:
    first = [*prose(PARAGRAPH[:2]), Printed(72, 60, "1 County archive, bundle 17.", 7)]
    article = article_of(read, first, prose(PARAGRAPH[2:]))
    assert article.text == f"1 County archive, bundle 17.\n\n{JOINED}"
    assert page_of(article, article.text.index("County")) == 1
    assert page_of(article, article.text.index("drought")) == 2


def test_a_page_without_text_begins_where_the_next_one_does(read: Read) -> None:
    article = article_of(read, [], prose(["Foreword"]), [], prose(["Chapter"]), [])
    assert article.text == "Foreword\n\nChapter"
    assert article.metadata["page_starts"] == [0, 0, 10, 10, 17]
    assert [page_of(article, article.text.index(word)) for word in article.text.split()] == [2, 4]


def test_what_the_document_states_of_itself_is_kept(read: Read) -> None:
    article = article_of(
        read,
        prose(PARAGRAPH),
        Title="State of the Sele",
        Author="Odile Ferrant; Nora Fields",
        CreationDate="D:20240131235900+01'00'",
    )
    assert article.title == "State of the Sele"
    assert article.authors == ("Odile Ferrant", "Nora Fields")
    assert article.published == date(2024, 1, 31)


@pytest.mark.parametrize(
    "title", ["", " ", "Microsoft Word - sele_v3.docx", "sele-final.PDF", "Untitled", "12-4"]
)
def test_a_title_that_only_names_the_file_is_none(read: Read, title: str) -> None:
    assert article_of(read, prose(PARAGRAPH), Title=title).title == "Sele"


@pytest.mark.parametrize("created", ["", "D:20240231", "yesterday", "D:19700101000000Z"])
def test_a_day_on_which_no_pdf_was_made_is_none(read: Read, created: str) -> None:
    assert article_of(read, prose(PARAGRAPH), CreationDate=created).published is None


def test_a_file_that_cannot_be_used_says_what_it_is_and_what_to_do(read: Read) -> None:
    whole = made_pdf([prose(PARAGRAPH)])
    assert "is empty; copy it" in reason(read, b"")
    assert "is damaged, or is no PDF; copy, print" in reason(read, b"%PDF-1.4\nhello")
    assert "is damaged" in reason(read, whole[:300])
    assert "is damaged" in reason(read, whole.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"))
    assert "ocrmypdf" in reason(read, made_pdf([[], []]))
    assert "longer than 150 bytes; split" in reason(read, whole, max_article_bytes=150)
    assert "larger than 100 bytes; split" in reason(read, whole, max_article_bytes=10)


def test_an_encrypted_file_asks_to_be_saved_without_its_password(read: Read) -> None:
    key = "<" + "00" * 32 + ">"
    encrypted = made_pdf([prose(PARAGRAPH)]).replace(
        b"/Info 5 0 R",
        f"/Info 5 0 R /ID [{key}{key}] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
        f"/O {key} /U {key} >>".encode(),
    )
    assert "encrypted and asks for a password; save it without" in reason(read, encrypted)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "is damaged"),
        ("import signal, time; signal.alarm(1); time.sleep(60)", "takes too long"),
        ("raise RuntimeError('no such font')", "RuntimeError: no such font"),
    ],
    ids=["crashes", "stalls", "raises"],
)
def test_what_ends_the_reading_process_ends_nothing_else(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, told: str
) -> None:
    (tmp_path / "program.py").write_text(program)
    monkeypatch.setattr(pdf_module, "_PROGRAM", tmp_path / "program.py")
    assert told in reason(read, made_pdf([prose(PARAGRAPH)]))


def test_where_nothing_reads_pdfs_none_is_taken_for_gone(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    (found,) = read("sele.pdf", made_pdf([prose(PARAGRAPH)]))
    assert isinstance(found, Skipped)
    assert found.is_unread
    assert "pip install 'quoth[pdf]'" in found.reason


def test_a_pdf_and_its_text_beside_it_keep_their_ids_apart(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.txt", "b.PDF"):
        (tmp_path / name).write_bytes(b"")
    assert [file.article_id for file in find_source_files([tmp_path])] == ["a.pdf", "a.txt", "b"]
