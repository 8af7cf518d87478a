"""The writing side of the service, as its routes hold it: where it may be used, and until when."""

from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.article_bodies import Refresh, WriteResult
from api.callers.other_sites import refuse_other_sites
from api.callers.own_names import refuse_other_names
from api.dependencies import SettingsDep
from api.problem_document import Responses, problem
from api.serving.live_index import LiveIndex
from api.settings import Settings
from api.writing.index_writer import IndexWriter
from index.record.record import Change
from qa.errors import WritesRefusedError

# What a proxy adds, to say that somebody else is asking.
_BY_PROXY = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
# How long a request waits for what serves to follow before it says that it is not so yet.
PATIENCE_S = 30.0
# Each takes a thread that does nothing; the next waits for one of these threads.
MOST_WAITS = 200
WRITE_RESULTS = {
    Change.ADDED: WriteResult.CREATED,
    Change.CHANGED: WriteResult.CHANGED,
    Change.UNCHANGED: WriteResult.UNCHANGED,
}
WRITES_REFUSED: Responses = {
    403: problem("This service takes no articles, or none by way of a proxy or another site."),
    421: problem("The service does not go by the name in `Host`."),
}


@dataclass(frozen=True, slots=True)
class Writes:
    """The writing side of the service, and what tells when a write can be asked about.

    Who waits for long does so under `waits`: the threads that requests share would soon be taken,
    and nothing else answered.
    """

    writer: IndexWriter
    live_index: LiveIndex
    waits: CapacityLimiter

    async def settle(self, sequence: int, refresh: Refresh) -> bool:
        """Return whether what serves holds a sequence, after waiting for it if that is wanted.

        After a rollback nothing is published, so that there is nothing to wait for.
        """
        if refresh is Refresh.WAIT_FOR:
            return await to_thread.run_sync(self._wait_for, sequence, limiter=self.waits)
        return self.live_index.holds(sequence)

    def _wait_for(self, sequence: int) -> bool:
        if self.writer.is_held():
            return self.live_index.holds(sequence)
        return self.live_index.wait_for(sequence, timeout_s=PATIENCE_S)


async def get_writes(request: Request, settings: SettingsDep) -> Writes:
    """Return the writing side.

    Raises WritesRefusedError where it is switched off or not meant for others, OtherNameError and
    OtherSiteError as the functions that refuse these.
    """
    if not settings.takes_writes:
        raise WritesRefusedError(
            "this service takes no articles and moves no index; set QUOTH_WRITES=true where it "
            "runs, or use `quoth index` there"
        )
    _refuse_others(request, settings)
    refuse_other_names(request, settings)
    refuse_other_sites(request)
    state = request.app.state
    return Writes(state.index_writer, state.live_index, state.waits)


def _refuse_others(request: Request, settings: Settings) -> None:
    """Raise WritesRefusedError where a proxy lets others in, who may not write."""
    header = next((name for name in _BY_PROXY if name in request.headers), None)
    if header is None or settings.writes or settings.api_keys:
        return
    raise WritesRefusedError(
        f"this request came through a proxy (it has the header {header}), and without keys only "
        "this machine may write; set QUOTH_API_KEYS, or QUOTH_WRITES=true if all whom the proxy "
        "lets in may write"
    )


WritesDep = Annotated[Writes, Depends(get_writes)]


class WriteQuery(BaseModel):
    """The parameters of what writes; a misspelt one would not wait, and nobody would be told."""

    model_config = ConfigDict(extra="forbid")

    refresh: Refresh = Field(
        Refresh.NO, description="`wait_for` returns when the change can be asked about."
    )


WriteQueryDep = Annotated[WriteQuery, Query()]
