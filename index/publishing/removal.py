"""A limit to what one run may remove: sources that lost much have more likely been misread.

The quality gate cannot see it: it asks about articles that both generations hold, and what left
the sources on purpose must not be asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.publishing.staged import Difference, StagedRecord
from index.sources import Skipped
from qa.errors import QuothError

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class RemovalLimit:
    """A run may remove `least` articles, or `share` of those in the index if that is more."""

    share: float = 0.2
    least: int = 10

    def is_exceeded(self, difference: Difference) -> bool:
        """Return whether a run removes more."""
        return difference.removed > max(self.least, self.share * difference.held_before)


class TooMuchRemovedError(QuothError):
    """The sources lack more of the index than one run may remove; nothing was changed."""

    def __init__(
        self, staged: StagedRecord, limit: RemovalLimit, *, skipped: Sequence[Skipped]
    ) -> None:
        found = staged.difference
        ids = staged.removed_ids(most=_SHOWN)
        shown = ", ".join(map(repr, ids))
        more = found.removed - len(ids)
        reasons = "; ".join(map(str, skipped[:_SHOWN]))
        lost = f" ({len(skipped):,} were skipped: {reasons})" if skipped else ""
        super().__init__(
            f"the sources no longer hold {found.removed:,} of the {found.held_before:,} articles "
            f"of the index ({shown}{f' and {more:,} more' if more else ''}), but a run may remove "
            f"{limit.share * 100:g}% of them, or {limit.least}, so that nothing is changed; see "
            f"that all sources are named and can be read{lost}, or run the same command with "
            f"--most-removed 1 to remove them, with --mode add to keep them"
        )
