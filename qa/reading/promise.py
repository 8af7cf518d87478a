"""What retrieval alone promises of a passage, before it is read."""

from collections.abc import Sequence

from qa.calibration import Calibration, CandidateFeatures
from qa.retrieval import RetrievedPassage


def promise(passage: RetrievedPassage, calibration: Calibration) -> float:
    """Return the ordering score of a span in it of which the reader says nothing, its logits 0."""
    return calibration.order.logit(
        CandidateFeatures(0.0, 0.0, passage.cosine, passage.keyword_share)
    )


def by_promise(
    retrieved: Sequence[RetrievedPassage], calibration: Calibration
) -> list[RetrievedPassage]:
    """Return the passages in the order to read them: the most promising first.

    Retrieval fuses ranks, which is safe for choosing passages; how far one is ahead of the next
    shows only in the scores. Passages that promise the same stay in the order of retrieval.
    """
    return sorted(retrieved, key=lambda passage: -promise(passage, calibration))
