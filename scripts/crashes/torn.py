"""Files cut in half, as a crash of the machine may leave them: refused, named and cured."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from index.encoding.question_encoder import OnnxQuestionEncoder
from index.file_names import CURRENT_NAME, GENERATIONS_NAME, KEYWORDS_NAME
from index.generation.folders import current_name
from index.generation.generation import open_generation
from index.progress import Silent
from index.repair import repair_index
from qa.errors import QuothError
from scripts.crashes.checking import Expected, published_faults
from scripts.crashes.writing import BUDGET


def torn_files(
    index_dir: Path, expected: Expected, encoder: OnnxQuestionEncoder
) -> Iterator[tuple[str, list[str]]]:
    """Yield (case, faults) for every file of the generation that serves, each torn in a copy.

    Opening must refuse the index, and `quoth repair` must make it again from the record.
    """
    name = current_name(index_dir)
    serving = Path(GENERATIONS_NAME) / str(name)
    files = [path for path in sorted((index_dir / serving).rglob("*")) if path.is_file()]
    for file in [index_dir / CURRENT_NAME, *files]:
        if file.stat().st_size == 0 or file.name.endswith(".lock"):
            continue
        copy = index_dir.with_name("torn")
        shutil.copytree(index_dir, copy)
        try:
            torn = copy / file.relative_to(index_dir)
            content = torn.read_bytes()
            torn.write_bytes(content[: len(content) // 2])
            shown = torn.name if torn.parent == copy else _shown(torn.relative_to(copy / serving))
            yield f"torn: {shown}", _faults(copy, expected, encoder)
        finally:
            shutil.rmtree(copy)


def _shown(file: Path) -> str:
    """Return the file's name, without what is by chance in the names of keyword files."""
    by_chance = file.parent.name == KEYWORDS_NAME and file.suffix != ".json"
    return str(file.with_name(f"*{file.suffix}") if by_chance else file)


def _faults(index_dir: Path, expected: Expected, encoder: OnnxQuestionEncoder) -> list[str]:
    try:
        open_generation(index_dir)
    except QuothError as error:
        if "quoth" not in str(error):
            return [f"the refusal names no cure: {error}"]
    else:
        return ["it was opened all the same"]
    repair_index(index_dir, encoder=encoder, budget=BUDGET, progress=Silent())
    return list(published_faults(index_dir, expected, encoder))
