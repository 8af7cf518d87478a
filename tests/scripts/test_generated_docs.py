"""The generated pages say what the code and the kept figures say."""

import pytest

from scripts.generate_docs import DOCS, pages

PAGES = (
    "openapi.json", "api.md", "settings.md", "evaluation.md", "performance.md", "contract.md",
)  # fmt: skip


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


def test_these_are_all(generated: dict[str, str]) -> None:
    assert set(generated) == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_would_be_generated_now(name: str, generated: dict[str, str]) -> None:
    assert (DOCS / name).read_text("utf-8") == generated[name]


def test_a_setting_stands_with_what_it_takes_and_its_default(generated: dict[str, str]) -> None:
    rows = generated["settings.md"]
    assert "| `QUOTH_PORT` | integer from 0 to 65,535 | `8000` | " in rows
    assert '| `QUOTH_LOG_FORMAT` | "auto" or "json" or "console" | `auto` | ' in rows
    assert "| `QUOTH_VISITORS` | boolean | `false` | " in rows
    assert "| `QUOTH_CALIBRATION` | path |  | " in rows
