"""The road of an address: asked, told apart, marked and saved; of a feed or sitemap, each entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.fetching.addressing import ANYWHERE, Reach, web_address
from scripts.fetching.errors import FetchError
from scripts.fetching.feeds import Entry, read_feed
from scripts.fetching.folder import Known, PageFolder, Status
from scripts.fetching.kinds import Kind, kind_of
from scripts.fetching.marking import fields_of, marked, page_of
from scripts.fetching.naming import stem_of
from scripts.fetching.sitemaps import read_sitemap
from scripts.fetching.web import Fetched, Web

_USUAL_FEED_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an address; `reason` says why, or from where, if there is something to say."""

    url: str
    status: Status
    file: str | None = None
    reason: str | None = None


class Fetching:
    """One run: each address is fetched once, however many feeds link to it."""

    def __init__(
        self, web: Web, folder: PageFolder, *, limit: int | None, allows_private: bool = False
    ) -> None:
        """`limit` bounds the entries of each feed and sitemap; None takes all of a sitemap."""
        self._web = web
        self._folder = folder
        self._limit = limit
        self._feed_limit = _USUAL_FEED_LIMIT if limit is None else limit
        self._allows_private = allows_private
        self._done: dict[str, Outcome] = {}

    def fetch(self, named: str) -> Iterator[Outcome]:
        """Fetch an address that the operator named; yield what became of it, or of its entries."""
        try:
            url = web_address(named)
        except FetchError as error:
            yield Outcome(named, Status.FAILED, reason=str(error))
            return
        if url in self._done:
            return
        try:
            fetched = self._fetched(url, ANYWHERE if self._allows_private else None)
            kind = None if fetched is None else _kind(fetched)
            if fetched is not None and kind is Kind.FEED:
                yield from self._entries(url, fetched)
                return
            if fetched is not None and kind is Kind.SITEMAP:
                yield from self._listed(url, fetched)
                return
            outcome = self._kept(url, fetched, entry=None)
        except FetchError as error:
            outcome = self._failed(url, error)
        self._done[url] = outcome
        yield outcome

    def _fetched(self, url: str, reach: Reach | None) -> Fetched | None:
        known = self._folder.known(url)
        # A feed that more is wanted of is read again.
        is_enough = known is not None and known.limit in {None, self._feed_limit}
        return self._web.fetch(url, reach=reach, known=known if is_enough else None)

    def _entries(self, url: str, feed: Fetched) -> Iterator[Outcome]:
        content_type = feed.headers.get("content-type", "")
        entries = read_feed(feed.content, url=feed.url, content_type=content_type)
        entries = entries[: self._feed_limit]
        reach = self._reach_from(feed)
        files: list[str] = []
        for entry in entries:
            outcome, is_new = self._entry(url, entry, reach)
            if is_new:
                yield outcome
            if outcome.file is not None and outcome.reason is None:
                files.append(outcome.file)
        if len(files) == len(entries):
            self._folder.remember(url, _known(feed, files, limit=self._feed_limit))
        else:
            # So that what failed is tried again, even if the feed has not changed.
            self._folder.forget(url)

    def _listed(self, url: str, sitemap: Fetched) -> Iterator[Outcome]:
        """Fetch the pages that a sitemap lists, and those that further sitemaps of it list.

        It is read anew each time: that it is the same says nothing of its pages.
        """
        reach = self._reach_from(sitemap)
        found = read_sitemap(sitemap.content)
        pages = list(found.pages)
        for part in found.sitemaps:
            if self._limit is not None and len(pages) >= self._limit:
                break
            try:
                fetched = self._web.fetch(web_address(part), reach=reach, known=None)
                pages += [] if fetched is None else read_sitemap(fetched.content).pages
            except FetchError as error:
                yield Outcome(part, Status.FAILED, reason=str(error))
        for page in pages[: self._limit]:
            outcome, is_new = self._entry(url, Entry(page), reach)
            if is_new:
                yield outcome

    def _reach_from(self, fetched: Fetched) -> Reach:
        return ANYWHERE if self._allows_private else fetched.reach

    def _entry(self, feed: str, entry: Entry, reach: Reach) -> tuple[Outcome, bool]:
        """Return what became of an entry, and whether that was not known before."""
        try:
            url = web_address(entry.url)
        except FetchError as error:
            reason = f"has an entry whose address {entry.url!r} {error}"
            return Outcome(feed, Status.FAILED, reason=reason), True
        if url in self._done:
            return self._done[url], False
        try:
            outcome = self._kept(url, self._fetched(url, reach), entry)
        except FetchError as error:
            outcome = self._from_feed(url, entry, error)
        self._done[url] = outcome
        return outcome, True

    def _kept(self, url: str, fetched: Fetched | None, entry: Entry | None) -> Outcome:
        """Save a page or PDF file; raises FetchError if it is neither."""
        stem = stem_of(url)
        if fetched is None:
            return Outcome(url, Status.UNCHANGED, self._folder.saved(stem))
        kind, fields = _kind(fetched), None
        if kind is Kind.PDF:
            name, content = f"{stem}.pdf", fetched.content
            fields = fields_of(entry, url=fetched.url)
        elif kind is Kind.PAGE:
            name = f"{stem}.html"
            content = marked(fetched.content, url=fetched.url, charset=fetched.charset, entry=entry)
        else:
            raise FetchError(
                f"is {fetched.media_type or 'of no known type'}, not a page, "
                f"{'' if entry else 'a feed, a sitemap '}or a PDF file; leave it out"
            )
        status = self._folder.save(name, content, fields=fields)
        self._folder.remember(url, _known(fetched, [name]))
        return Outcome(url, status, name)

    def _from_feed(self, url: str, entry: Entry, error: FetchError) -> Outcome:
        """Save the feed's own text in place of a page that cannot be fetched, and never was."""
        was_fetched = self._folder.known(url) is not None
        if entry.text is None or was_fetched:
            return self._failed(url, error)
        name = f"{stem_of(url)}.html"
        status = self._folder.save(name, page_of(entry, entry.text, url=url))
        return Outcome(url, status, name, reason=f"the feed's own text, for the page {error}")

    def _failed(self, url: str, error: FetchError) -> Outcome:
        file = self._folder.saved(stem_of(url))
        kept = "" if file is None else f"; {file}, fetched before, stays"
        return Outcome(url, Status.FAILED, file, reason=f"{error}{kept}")


def _kind(fetched: Fetched) -> Kind | None:
    return kind_of(fetched.media_type, fetched.content)


def _known(fetched: Fetched, files: Sequence[str], *, limit: int | None = None) -> Known:
    return Known(
        url=fetched.url,
        etag=fetched.headers.get("etag"),
        last_modified=fetched.headers.get("last-modified"),
        files=files,
        limit=limit,
    )
