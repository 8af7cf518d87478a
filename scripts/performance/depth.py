"""What reading more passages costs, and what it brings."""

import statistics
from collections.abc import Mapping, Sequence

from qa.squad_metrics import exact_match, f1
from scripts.performance.arithmetic import ProductsAlone
from scripts.performance.corpus import Asked
from scripts.performance.load import Ask, Reply, stage_times
from scripts.performance.results import Depth, Times


def compare_depths(
    asks: Mapping[int, Ask], asked: Sequence[Asked], *, products_alone: ProductsAlone
) -> tuple[Depth, ...]:
    """Ask each question at each depth before the next, so that all see the same machine.

    `asks` are by number of passages, and must return what was considered too (`explain`).
    """
    replies: dict[int, list[Reply]] = {passages: [] for passages in asks}
    for one in asked:
        for passages, ask in asks.items():
            replies[passages].append(ask(one.text))
    return tuple(
        score_depth(found, asked, passages=passages, products_alone=products_alone)
        for passages, found in replies.items()
    )


def score_depth(
    replies: Sequence[Reply],
    asked: Sequence[Asked],
    *,
    passages: int,
    products_alone: ProductsAlone,
) -> Depth:
    """Return latency over all questions, and quality over those with known answers."""
    known = [(r, one) for r, one in zip(replies, asked, strict=True) if one.references]
    first = [(_first_answer(reply), one.references) for reply, one in known]
    count = max(1, len(known))
    times = products_alone.times(replies, [one.text for one in asked])
    return Depth(
        passages=passages,
        scored=len(known),
        em=round(100 * sum(exact_match(text, right) for text, right in first) / count, 2),
        f1=round(100 * sum(f1(text, right) for text, right in first) / count, 2),
        answered=round(sum(reply.body["answered"] for reply, _ in known) / count, 4),
        times_of_products=round(statistics.median(times), 2) if times else None,
        whole=Times.of([reply.milliseconds for reply in replies]),
        stages=stage_times(replies),
    )


def _first_answer(reply: Reply) -> str:
    considered = reply.body["considered"]
    return str(considered[0]["text"]) if considered else ""
