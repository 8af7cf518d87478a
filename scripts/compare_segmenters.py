"""Compare sentence segmenters on hand-made cases and the seed article, and write the page about it.

    python -m scripts.compare_segmenters

The page is `docs/sentence-segmentation.md`. A library that is not installed is skipped: the
comparison needs `pip install sentencex pysbd syntok spacy`, the project only the one it uses.
"""

import argparse
from pathlib import Path

from scripts.segmenters.page import segmentation_page
from scripts.segmenters.scoring import read_cases

_ROOT = Path(__file__).parent.parent
_ARTICLE = _ROOT / "seeds" / "000_751be9ff2f0701a9.txt"
_ARTICLE_MARKER = " date 2021-11-15 "
_CASES = _ROOT / "tests" / "data" / "segmentation.jsonl"
_PAGE = _ROOT / "docs" / "sentence-segmentation.md"


def main() -> None:
    """Read the arguments, compare, print the page and write it."""
    parser = argparse.ArgumentParser(description="Compare sentence segmenters.")
    parser.add_argument("--output", type=Path, default=_PAGE, help="the page to write")
    options = parser.parse_args()
    article = _ARTICLE.read_text("utf-8").removeprefix(_ARTICLE_MARKER)
    page = segmentation_page(read_cases(_CASES), article)
    print(page)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
