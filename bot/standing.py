"""Questions that stand in a channel: asked again when articles have changed, without anybody asking. Without discord."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.chat import turn
from bot.community import Community
from bot.community_schema import Asked, Watch
from bot.guilds import Asker, Guilds, Wish
from bot.phrases import Say, english
from bot.records import Answer, Question
from bot.render_discord import Page, answer_pages
from bot.watches import due, fingerprint

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is to be posted, as it is another than before. seen: the fingerprint to remember it by."""

    watch: Watch
    answer: Answer
    pages: Sequence[Page]
    seen: str


class Standing:
    """The standing questions of all guilds. Any thread may call it, but only one asks again at a time.

    Whether an answer has changed is judged by the articles' own words: a language model words the same reports in
    another way each time. What is posted is worded like any answer. When there is no answer any more, because an
    article was taken down, nothing is posted; but that is remembered, so that the answer is posted when it is back.
    """

    def __init__(self, app: App, guilds: Guilds, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._community: Community = app.community
        self._guilds = guilds
        self._clock = clock
        self._looked: dict[int, tuple[int, int]] = {}  # by watch: the state of the news when it was last asked

    def add(self, asker: Asker, channel: int, question: str) -> Watch:
        """Let a question stand, whose answer now is known to who asks. channel: where to post; a thread, perhaps.

        Raises:
            UsageError: it cannot stand there, or cannot be asked at all.
        """
        state, now = self._state(), self._clock()
        seen = fingerprint(self._app.assistant.answer(self._question(asker.guild, question, now)))
        watch = self._community.standing.add(asker, channel, question, seen, now)
        self._looked[watch.id] = state
        return watch

    def of(self, guild: int) -> list[Watch]:
        """The standing questions of a guild, the oldest first."""
        return self._community.standing.of(guild)

    def remove(self, guild: int, watch_id: int, user: int | None = None) -> None:
        """Ask a standing question no more. user: whose it has to be, None for anybody's.

        Raises:
            NotFoundError: the guild, or this user in it, has none of that id.
        """
        self._community.standing.remove(guild, watch_id, user)

    def due(self) -> list[Watch]:
        """Those to ask again: nothing was posted to them in the last hour, and the news has changed since.

        After a restart it is not known what has changed, so each is asked once.
        """
        state = self._state()
        waiting = due(self._community.standing.of(), self._clock())
        return [one for one in waiting if self._looked.get(one.id) != state and self._may_answer(one)]

    def ask_again(self, watch: Watch, say: Say = english) -> Change | None:
        """The answer to post, by the rules that its guild has now; None when it says nothing new.

        However that ends, it is due again only when the news has changed again.

        Raises:
            DatelineError: it cannot be answered.
        """
        self._looked[watch.id] = self._state()
        if watch not in self._community.standing.of(watch.guild):
            return None
        now = self._clock()
        question = self._question(watch.guild, watch.question, now)
        seen = fingerprint(self._app.assistant.answer(question))
        if seen == watch.seen:
            return None
        if seen:
            answer = self._app.assistant.ask(question)
            if answer.answered:
                return Change(watch, answer, self._noted(watch, answer, now, say), seen)
        self._community.standing.saw(watch.id, seen)
        return None

    def posted(self, change: Change, message: int) -> None:
        """Note that an answer was posted, and in which message."""
        self._community.set_message(change.answer.id, message)
        self._community.standing.posted(change.watch.id, change.seen, self._clock())

    def _state(self) -> tuple[int, int]:
        """What there is to answer from: how far the archive is, and the indexes, which follow it."""
        return self._app.archive.seq, self._app.keywords.position

    def _question(self, guild: int | None, text: str, now: datetime) -> Question:
        return Question(text, now, self._guilds.where(guild, Wish(text), now))

    def _may_answer(self, watch: Watch) -> bool:
        channels = self._guilds.settings(watch.guild).channels
        return not channels or watch.parent in channels

    def _noted(self, watch: Watch, answer: Answer, now: datetime, say: Say) -> Sequence[Page]:
        """The pages of an answer, kept as if who lets the question stand had asked for it just now."""
        pages = answer_pages(answer, say)
        asked = Asked(watch.guild, watch.parent, watch.user, watch.thread, private=False, pages=pages)
        self._community.note_asked(answer.id, asked)
        self._community.keep_turn(watch.thread, watch.guild, watch.user, turn(answer), now)
        return pages
