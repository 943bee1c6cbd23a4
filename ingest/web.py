"""One pass over the sources on the web: look at them, fetch what they point to, and take it in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from queue import Full, Queue
from threading import Event
from urllib.parse import urlsplit

from ingest.archive import Archive
from ingest.errors import ItemError
from ingest.extract import Fields
from ingest.feeds import EndedError, FeedStore
from ingest.files import to_article
from ingest.leads import Lead, Look, from_entry, fuller, look
from ingest.records import Outcome, Source, SourceKind, State, Status
from ingest.responses import Fetcher, FetchError, Response
from ingest.sources import SourceList
from ingest.webpage import read_page
from ingest.webstate import PageState, WebState

HOSTS_AT_ONCE = 8
GONE_AFTER = timedelta(hours=24)  # a page is missing twice, a day apart, before its article is gone

ANSWERS_WAITING = 32  # fetched pages that wait to be taken in, at most: they are held in memory

Tell = Callable[[str, int, int], None]
Answer = Response | ItemError | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one run takes in, and how long an article is asked for again. young: its age until then."""

    pages: int = 2000
    pages_a_source: int = 200
    young: timedelta = timedelta(hours=72)


class WebPass:
    """Takes in what is new and changed on the web. Threads fetch; this thread alone writes.

    tell: what is being done, how many are done, of how many. full: pages are asked for as if for the first time.
    """

    def __init__(
        self,
        archive: Archive,
        feeds: FeedStore,
        fetcher: Fetcher,
        sources: SourceList,
        now: datetime,
        limits: Limits,
        tell: Tell,
        *,
        full: bool = False,
    ) -> None:
        self._archive = archive
        self._state = WebState(archive.database)
        self._feeds = feeds
        self._fetcher = fetcher
        self._sources = sources
        self._private = {source.location for source in sources.load() if source.private}
        self._now = now
        self._limits = limits
        self._tell = tell
        self._full = full

    def run(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """One outcome for each page that was asked for, and one for each source that failed."""
        looks = list(self._look_at(sources))
        for one in looks:
            yield from self._settle(one)
        leads = self._choose(looks)
        known = self._state.pages([lead.url for lead in leads if lead.url])
        for number, (lead, answer) in enumerate(self._fetch(leads, known), 1):
            yield self._take_in(lead, answer, known.get(lead.url))
            self._tell("Fetching pages", number, len(leads))
        for one in looks:
            self._remember_sitemaps(one)

    # Looking

    def _look_at(self, sources: Sequence[Source]) -> Iterator[Look]:
        known = {source: self._state.documents(source.location) for source in sources}
        with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
            looking = [pool.submit(look, one, self._fetcher, self._feeds, known[one]) for one in sources]
            for number, done in enumerate(as_completed(looking), 1):
                self._tell("Looking at sources", number, len(sources))
                yield done.result()

    def _settle(self, one: Look) -> Iterator[Outcome]:
        """Write down that a source has moved or ended, and report what went wrong."""
        if one.moved_to:
            self._sources.replace(one.source, replace(one.source, location=one.moved_to))
            self._state.move(one.source.location, one.moved_to)
        if isinstance(one.error, EndedError):
            self._sources.replace(one.source, replace(one.source, ended=True))
        if one.error:
            yield Outcome(one.source.location, one.source.location, Status.FAILED, error=one.error)

    def _remember_sitemaps(self, one: Look) -> None:
        """Only when each of their pages was asked for: what a limit has cut off must be listed again."""
        wanted = {lead.url for lead in one.leads if one.source.wants(lead.url, lead.title)}
        if one.sitemaps and wanted <= self._state.pages(wanted).keys():
            for response in one.sitemaps:
                state = PageState(response.url, one.source.location, self._now)
                self._remember(state, response, one.source.interval)

    def _choose(self, looks: Iterable[Look]) -> list[Lead]:
        """The leads worth fetching, each page once, within the limits; those that are due again come first."""
        chosen: dict[str, Lead] = {}
        for one in sorted(looks, key=lambda one: not one.source.private):  # the last one to name a page has it
            again = [Lead(state.url, one.source) for state in self._state.due(one.source.location, self._now)]
            wanted = []
            for lead in [*again, *self._worth_asking(one.leads)]:
                if one.source.wants(lead.url, lead.title):
                    wanted.append(lead)
                elif lead.entry:
                    self._feeds.done(lead.feed, lead.entry.id)
            for lead in wanted[: self._limits.pages_a_source]:
                # A page that is due and stands in the feed too is taken off the queue as well.
                if lead.entry or lead.key not in chosen:
                    chosen[lead.key] = lead
        return list(chosen.values())[: self._limits.pages]

    def _worth_asking(self, leads: Sequence[Lead]) -> list[Lead]:
        """Without the pages of a sitemap that are known and unchanged, and those that asked to be left alone."""
        known = self._state.pages([lead.url for lead in leads if lead.url])
        kept = []
        for lead in leads:
            state = known.get(lead.url)
            if state is None or lead.source.kind is SourceKind.PAGE:
                kept.append(lead)
            elif not (state.error and state.due and state.due > self._now):
                changed = lead.changed is not None and lead.changed > state.checked
                kept += [lead] if lead.entry or changed else []
        return kept

    # Fetching

    def _fetch(self, leads: Sequence[Lead], known: Mapping[str, PageState]) -> Iterator[tuple[Lead, Answer]]:
        """Each lead with its answer, as they come: a thread for each host, so that none is asked twice at once."""
        by_host: defaultdict[str, list[Lead]] = defaultdict(list)
        for lead in leads:
            by_host[urlsplit(lead.url).netloc].append(lead)
        answers: Queue[tuple[Lead, Answer]] = Queue(ANSWERS_WAITING)
        stopped = Event()

        def ask(group: Sequence[Lead]) -> None:
            for lead in group:
                answer = self._answer(lead, known.get(lead.url))
                while not stopped.is_set():
                    try:
                        answers.put((lead, answer), timeout=0.2)
                        break
                    except Full:
                        continue
                if stopped.is_set():
                    return

        with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
            try:
                for group in by_host.values():
                    pool.submit(ask, group)
                for _ in leads:
                    yield answers.get()
            finally:
                stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, lead: Lead, before: PageState | None) -> Answer:
        """What the page's server says; None when the feed's own words are all that is wanted."""
        if not lead.url or (lead.source.summary_only and lead.entry):
            return None
        is_from_private = before is not None and before.source in self._private and not lead.source.private
        known = before if before and before.article and not (self._full or is_from_private) else None
        try:
            return self._fetcher.get(
                lead.url,
                etag=known.etag if known else "",
                last_modified=known.last_modified if known else "",
                accept="text/html,application/xhtml+xml",
            )
        except ItemError as error:
            return error
        except Exception as error:  # noqa: BLE001 - one page must not end the run; the kind of error is shown
            return FetchError(f"it could not be fetched: {type(error).__name__}: {error}"[:200], retryable=True)

    # Taking in

    def _take_in(self, lead: Lead, answer: Answer, before: PageState | None) -> Outcome:
        """Keep what came in one transaction; only then is a feed's entry taken off the queue."""
        with self._archive.transaction():
            outcome = self._decide(lead, answer, before)
        if lead.entry and not (outcome.error and outcome.error.retryable):
            self._feeds.done(lead.feed, lead.entry.id)
        return outcome

    def _decide(self, lead: Lead, answer: Answer, before: PageState | None) -> Outcome:
        if answer is None:
            return self._from_feed(lead, ItemError("the feed says nothing of it"))
        if isinstance(answer, ItemError):
            return self._refused(lead, answer, before)
        if answer.status == 304 and before:
            self._remember(before, answer, lead.source.interval)
            return Outcome(lead.source.location, lead.url, Status.UNCHANGED, before.article)
        if answer.status in {404, 410} and before and before.article:
            return self._missing(lead, before, before.article)
        try:
            if not answer.is_new:
                raise FetchError(f"the server answered {answer.status}")
            fields = read_page(answer.body, answer.headers.get("content-type", ""), answer.url, self._now)
        except ItemError as error:
            return self._refused(lead, error, before)
        return self._keep(lead, fuller(fields, lead.entry, lead.feed, self._now), answer)

    def _keep(self, lead: Lead, fields: Fields, answer: Response | None) -> Outcome:
        source = lead.source
        article_id = fields.url or lead.place
        fields = replace(
            fields,
            outlet=source.outlet or fields.outlet or self._feeds.title(lead.feed),
            language=source.language or fields.language,
        )
        known = self._archive.article(article_id)
        if source.private and known and known.state is State.LIVE and known.outlet != fields.outlet:
            return Outcome(source.location, lead.url or article_id, Status.UNCHANGED, article_id)
        status = self._archive.put(to_article(fields, article_id), article_id, self._now)
        if lead.url:
            self._remember(PageState(lead.url, source.location, self._now, article_id), answer, source.interval)
        return Outcome(source.location, lead.url or article_id, status, article_id)

    def _from_feed(self, lead: Lead, error: ItemError) -> Outcome:
        """Take in what the feed itself has, marked as such; else the error stands."""
        fields = from_entry(lead.entry, lead.feed, lead.url, self._now) if lead.entry else None
        if fields is None:
            return Outcome(lead.source.location, lead.url, Status.FAILED, error=error)
        return self._keep(lead, fields, None)

    def _refused(self, lead: Lead, error: ItemError, before: PageState | None) -> Outcome:
        """A page that did not give its article. What was taken in from it before stays as it is."""
        not_before = error.not_before if isinstance(error, FetchError) else None
        due = (not_before or self._now) if error.retryable else None
        state = before or PageState(lead.url, lead.source.location, self._now)
        self._state.keep(replace(state, checked=self._now, error=error.message, due=due))
        if before and before.article and not error.retryable:
            return Outcome(lead.source.location, lead.url, Status.UNCHANGED, before.article)
        if error.retryable:
            return Outcome(lead.source.location, lead.url, Status.FAILED, error=error)
        return self._from_feed(lead, error)

    def _missing(self, lead: Lead, before: PageState, article_id: str) -> Outcome:
        """The page of a known article is not there. The second time, a day later, the article is gone."""
        since = before.missing or self._now
        is_gone = self._now - since >= GONE_AFTER
        due = None if is_gone else self._now + GONE_AFTER
        self._state.keep(replace(before, checked=self._now, missing=since, due=due))
        article = self._archive.article(article_id)
        if is_gone and article and article.state is State.LIVE:
            self._archive.mark_gone([article_id])
            return Outcome(lead.source.location, lead.url, Status.GONE, article_id)
        return Outcome(lead.source.location, lead.url, Status.UNCHANGED, article_id)

    def _remember(self, state: PageState, answer: Response | None, interval: int) -> None:
        """Keep a page's state after it answered well; what a 304 does not repeat stays as it was.

        A young article's page is asked for again after so many minutes.
        """
        article = self._archive.article(state.article) if state.article else None
        since = (article.published or article.first_seen) if article else None
        is_young = since is not None and self._now - since < self._limits.young
        due = self._now + timedelta(minutes=interval) if is_young else None
        fresh = answer.fresh_until(self._now) if answer else None
        self._state.keep(
            replace(
                state,
                checked=self._now,
                etag=(answer and answer.etag) or state.etag,
                last_modified=(answer and answer.last_modified) or state.last_modified,
                due=max(due, fresh) if due and fresh else due,
                missing=None,
                error="",
            )
        )
