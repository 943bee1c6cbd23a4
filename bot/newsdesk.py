"""What a community asks, by its rules: each call is blocking work for a thread of its own. Without discord."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from bot.assistant import silently
from bot.chat import turn
from bot.community import Community
from bot.community_schema import Asked, GuildSettings, Watch
from bot.factcheck import Finding
from bot.generate import Tell
from bot.guild_sources import GuildSources
from bot.guilds import Asker, Guilds, Wish
from bot.journal import Kept
from bot.phrases import Phrase
from bot.records import Answer, Check, Citation, Question
from bot.render_discord import Page, answer_pages
from bot.standing import Standing
from bot.verify import check
from index.records import Hit
from ingest.errors import NotFoundError
from ingest.records import Article

if TYPE_CHECKING:
    from bot.app import App

HITS = 10
HEADLINES = 10
TOPIC_HITS = 30  # passages among whose articles the newest about a topic are looked for


@dataclass(frozen=True, slots=True)
class Context:
    """A citation with the paragraph that it stands in. start, end: of the quote, in the paragraph."""

    citation: Citation
    paragraph: str
    start: int
    end: int


def _now() -> datetime:
    return datetime.now().astimezone()


class NewsDesk:
    """Answers a community's questions. Any thread may call it, several at once."""

    def __init__(self, app: App, clock: Callable[[], datetime] = _now) -> None:
        self._app = app
        self._community: Community = app.community
        self._clock = clock
        self.guilds = Guilds(app.archive, app.community)
        self.standing = Standing(app, self.guilds, clock)
        self.sources = GuildSources(app, self.guilds)
        self.reindex_minutes = app.settings.discord_reindex_minutes
        self._setting = Lock()

    def open(self) -> None:
        """Load what answers take, so that the first one is as fast as the others.

        Raises:
            NothingIndexedError: there is nothing to answer from.
            DatelineError: the models or the stores cannot be used.
        """
        self.guilds.refresh()
        self._app.assistant.search(Question("what is new?", self._clock()), 1)

    def ask(self, asker: Asker, wish: Wish, *, private: bool, tell: Tell = silently) -> tuple[Answer, Sequence[Page]]:
        """The answer, read with the conversation before it, and its pages; kept with who asked for it.

        Raises:
            DatelineError: nothing may be asked here and now, or the question cannot be used.
        """
        now = self._clock()
        self.guilds.check(asker, now)
        conversation = self._app.conversation(
            list(self.guilds.visible(asker.guild)), self._community.conversation(asker.thread)
        )
        question = conversation.question(Question(wish.text, now, self.guilds.where(asker.guild, wish, now)))
        answer = self._app.assistant.ask(question, tell=tell)
        pages = answer_pages(answer, asker.say)
        asked = Asked(asker.guild, asker.channel, asker.user, asker.thread, private, pages)
        self._community.note_asked(answer.id, asked, now)
        self._community.keep_turn(asker.thread, asker.guild, asker.user, turn(answer), now)
        return answer, pages

    def watch(self, asker: Asker, channel: int, text: str) -> tuple[Answer, Sequence[Page], Watch]:
        """The answer to a question, which from now on stands in a channel or a thread.

        Raises:
            DatelineError: nothing may be asked here and now, or the question cannot be used or cannot stand here.
        """
        added = self.standing.add(asker, channel, text)
        try:
            return *self.ask(asker, Wish(text), private=False), added
        except Exception:
            self.standing.remove(added.guild, added.id)
            raise

    def search(self, asker: Asker, wish: Wish, limit: int = HITS) -> list[Hit]:
        """The passages that match best.

        Raises:
            DatelineError: nothing may be asked here and now, or the words cannot be used.
        """
        now = self._clock()
        self.guilds.check(asker, now)
        return self._app.assistant.search(Question(wish.text, now, self.guilds.where(asker.guild, wish, now)), limit)

    def latest(self, asker: Asker, outlet: str, topic: str) -> list[Article]:
        """The newest articles: of an outlet, about a topic, or of all that may be seen.

        Raises:
            DatelineError: nothing may be asked here and now, or there is no such outlet.
        """
        now = self._clock()
        self.guilds.check(asker, now)
        where = self.guilds.where(asker.guild, Wish("", outlet), now)
        if not topic:
            return self._app.archive.newest(HEADLINES, where.outlets, where.hidden)
        hits = self._app.assistant.search(Question(topic, now, where), TOPIC_HITS)
        articles = {hit.article.id: hit.article for hit in hits if hit.article.published}
        return sorted(articles.values(), key=lambda one: one.published or now, reverse=True)[:HEADLINES]

    def kept(self, asker: Asker, answer_id: str) -> Kept:
        """What is kept of an answer: its question, as it was read, and what it quotes.

        Raises:
            NotFoundError: there is no such answer that may be seen here.
        """
        self._require_may_see(asker, answer_id)
        return self._app.journal.find(answer_id)

    def fact_check(self, asker: Asker, text: str) -> list[Finding]:
        """What the reports say to each of the first statements of a message.

        Raises:
            DatelineError: nothing may be asked here and now.
        """
        now = self._clock()
        self.guilds.check(asker, now)
        return self._app.fact_checker.check(text, self.guilds.where(asker.guild, Wish(""), now), now)

    def verify(self, asker: Asker, answer_id: str) -> list[Check]:
        """Each quotation of a kept answer, re-checked.

        Raises:
            NotFoundError: there is no such answer that may be seen here.
        """
        return [check(citation, self._app.archive) for citation in self.kept(asker, answer_id).citations]

    def context(self, asker: Asker, answer_id: str) -> list[Context]:
        """The paragraphs around an answer's quotations, of those that still stand.

        Raises:
            NotFoundError: there is no such answer that may be seen here.
        """
        standing = [one.citation for one in self.verify(asker, answer_id) if one.verdict.holds]
        texts = self._app.archive.texts({(one.article, one.revision) for one in standing})
        found = [(one, texts[one.article, one.revision]) for one in standing]
        # One that is taken down at this moment has no text any more.
        return [_context(one, text) for one, text in found if text[one.start : one.end] == one.quote]

    def pages(self, asker: Asker, answer_id: str) -> list[Page]:
        """What was shown as an answer, as long as all that it quotes still stands.

        Raises:
            NotFoundError: there is no such answer that may be seen here, or what it quotes was taken down.
        """
        if not all(one.verdict.holds for one in self.verify(asker, answer_id)):
            raise NotFoundError(Phrase("a report that this answer quotes was taken down"), hint=Phrase("ask again"))
        asked = self._community.asked(answer_id)
        return [Page(*page) for page in asked.pages] if asked else []

    def vote(self, asker: Asker, answer_id: str, *, good: bool, wrong_citation: bool = False) -> None:
        """Keep what somebody thinks of an answer.

        Raises:
            NotFoundError: there is no such answer that may be seen here.
        """
        self._require_may_see(asker, answer_id)
        self._community.vote(answer_id, asker.user, good, wrong_citation, at=self._clock())

    def publish(self, asker: Asker, answer_id: str) -> None:
        """Let all see a private answer who may ask where it was asked.

        Raises:
            NotFoundError: the asker has not asked for it here.
        """
        if not self.is_own(asker, answer_id):
            raise _unknown(answer_id)
        self._community.publish(answer_id)

    def is_own(self, asker: Asker, answer_id: str) -> bool:
        """Whether the asker has asked for an answer here."""
        asked = self._community.asked(answer_id)
        return asked is not None and (asked.user, asked.guild) == (asker.user, asker.guild)

    def shown_in(self, answer_id: str, message: int) -> None:
        """Note the message that shows an answer."""
        self._community.set_message(answer_id, message)

    def thread_of(self, message: int) -> int | None:
        """The conversation that the answer in a message is part of; None when it shows none.

        A thread that is opened on a message has the message's id.
        """
        asked = self._community.asked_in(message)
        return asked.thread if asked else None

    def refresh(self) -> None:
        """Learn which outlets there are now, and forget conversations that have ended."""
        self.guilds.refresh()
        kept = timedelta(days=self._app.settings.discord_thread_days)
        self._community.forget_threads(self._clock() - kept)

    def change(self) -> int:
        """The sequence number of the archive's last change."""
        return self._app.archive.seq

    def asked_today(self, guild: int) -> tuple[int, int]:
        """How many questions a guild has asked today, and how many it may."""
        return self._community.asked_today(guild, self._clock()), self.guilds.settings(guild).daily_quota

    def set(self, guild: int, change: Callable[[GuildSettings], GuildSettings]) -> GuildSettings:
        """Change what a guild has set; of two who do so at once, neither undoes the other's change."""
        with self._setting:
            settings = change(self.guilds.settings(guild))
            self._community.set_settings(settings)
        self.guilds.refresh()
        return settings

    def forget(self, user: int) -> int:
        """Delete all that is kept of a user; how many entries it was."""
        return self._community.forget(user)

    def _require_may_see(self, asker: Asker, answer_id: str) -> None:
        if not self._community.may_see(answer_id, asker.guild, asker.user):
            raise _unknown(answer_id)


def _unknown(answer_id: str) -> NotFoundError:
    """The same whether it is another's or nobody's."""
    message = Phrase("the answer {id} is not known here, or it is no longer kept", id=answer_id)
    return NotFoundError(message, hint=Phrase("ask again; below each answer stands its id"))


def _context(citation: Citation, text: str) -> Context:
    first = text.rfind("\n", 0, citation.start) + 1
    last = text.find("\n", citation.end)
    paragraph = text[first : last if last >= 0 else len(text)]
    return Context(citation, paragraph, citation.start - first, citation.end - first)
