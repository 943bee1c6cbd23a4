"""Answer through a language model: each claim is proven before anybody sees it, or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache

import prompts
from bot.cite import cite_words
from bot.injection import is_addressed_to_a_model
from bot.language_model import ANSWER_TOKENS, LanguageModel, Message
from bot.prompting import MESSAGE_TOKENS, Prompts, Sheet
from bot.protocol import SCHEMA, Draft, DraftReader
from bot.prove import Excerpt, Place, prove
from bot.records import Citation, Claim, Dropped, Question, Usage
from bot.tokens import TokenCounter
from bot.verify import check
from index.records import Hit
from ingest.archive import Archive
from ingest.errors import LanguageModelError

NO_PASSAGE = "no passage could be shown to the language model: they are too long, or written to instruct it"
NO_CLAIM = "the language model did not keep to the form that can be checked"

Tell = Callable[[Claim, Sequence[Citation]], None]  # a claim that is proven, with its citations


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking a language model. declined: it says that the passages do not answer.

    failure: why there is nothing, or no more, in one line.
    """

    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    usage: Usage = field(default_factory=Usage)
    declined: bool = False
    failure: str = ""


class Writer:
    """Has a language model word the answer. terms: the stems of a text. fingerprint: names the model and the prompts."""

    def __init__(
        self, model: LanguageModel, archive: Archive, terms: Callable[[str], list[str]], counter: TokenCounter
    ) -> None:
        self._model = model
        self._archive = archive
        self._terms = terms
        self._counter = counter
        self._prompts = Prompts()
        self.fingerprint = f"{model.name} {prompts.fingerprint()}"

    def write(self, question: Question, hits: Sequence[Hit], limit: int, tell: Tell) -> Written:
        """Up to `limit` proven claims, each told as soon as it is proven. hits: the most useful first."""
        sheet = self._prompts.sheet(
            question,
            self._excerpts(hits),
            limit,
            structured=self._model.structured,
            window=self._model.window,
            count=self._counter.count,
        )
        if not sheet.excerpts:
            return Written(failure=NO_PASSAGE)
        desk = Desk(sheet, self._archive, self._terms, limit, tell)
        failure = ""
        try:
            declined = self._ask(sheet.messages, desk)
            again = (*sheet.messages, *self._prompts.again(desk.failed))
            if desk.failed and not desk.is_full and self._has_room_for(again):
                self._ask(again, desk)
            if not (desk.claims or desk.failed or declined):
                failure = NO_CLAIM
        except LanguageModelError as error:
            declined, failure = False, error.message
        return desk.written(declined=declined and not desk.failed, failure=failure)

    def _excerpts(self, hits: Sequence[Hit]) -> list[Excerpt]:
        """The passages with their articles' texts, without articles that are written to instruct a machine."""
        texts = self._archive.texts({(hit.passage.article, hit.passage.revision) for hit in hits})
        excerpts = [Excerpt(hit, texts[hit.passage.article, hit.passage.revision]) for hit in hits]
        return [one for one in excerpts if not is_addressed_to_a_model(one.all_that_is_shown)]

    def _ask(self, messages: Sequence[Message], desk: Desk) -> bool:
        """Let the model write, and lay each claim on the desk; whether it declined.

        Raises:
            LanguageModelError: it failed, maybe after some claims.
        """
        reader = DraftReader()
        said: list[str] = []
        reply = self._model.stream(messages, SCHEMA if self._model.structured else None)
        with closing(reply):
            try:
                for piece in reply:
                    said.append(piece)
                    if not desk.take(reader.feed(piece)):
                        break
                else:
                    if not reply.is_cut:  # half a claim may say the opposite of the whole
                        desk.take(reader.close())
            finally:
                desk.usage += reply.usage if reply.usage.input or not said else self._estimate(messages, said)
        return reader.declined

    def _has_room_for(self, messages: Sequence[Message]) -> bool:
        """Whether these and an answer are no longer than the model's window."""
        asked = sum(self._counter.count(text) + MESSAGE_TOKENS for _, text in messages)
        return asked + ANSWER_TOKENS <= self._model.window

    def _estimate(self, messages: Sequence[Message], said: Sequence[str]) -> Usage:
        """What a call cost when the provider does not say."""
        asked = sum(self._counter.count(text) for _, text in messages)
        return Usage(input=asked, output=self._counter.count("".join(said)), calls=1, estimated=True)


class Desk:
    """Where claims are proven: those that hold are cited and told, the others are laid aside."""

    def __init__(
        self, sheet: Sheet, archive: Archive, terms: Callable[[str], list[str]], limit: int, tell: Tell
    ) -> None:
        self._excerpts = sheet.excerpts
        self._context = "\n".join(text for _, text in sheet.messages)
        self._archive = archive
        self._terms = cache(terms)
        self._limit = limit
        self._tell = tell
        self.claims: list[Claim] = []
        self.citations: list[Citation] = []
        self.failed: list[tuple[Draft, tuple[str, ...]]] = []
        self.usage = Usage()

    @property
    def is_full(self) -> bool:
        """Whether no more claims are wanted."""
        return len(self.claims) >= self._limit

    def take(self, drafts: Sequence[Draft]) -> bool:
        """Prove each; whether more are wanted."""
        for draft in drafts:
            if not self.is_full:
                self._weigh(draft)
        return not self.is_full

    def written(self, *, declined: bool, failure: str) -> Written:
        """All that came of it."""
        dropped = (
            Dropped(draft.text, tuple(quote.words for quote in draft.quotes), "; ".join(why))
            for draft, why in self.failed
        )
        return Written(tuple(self.claims), tuple(self.citations), tuple(dropped), self.usage, declined, failure)

    def _weigh(self, draft: Draft) -> None:
        if any(claim.text == draft.text for claim in self.claims):
            return
        proof = prove(draft, self._excerpts, self._context, self._terms)
        cited = self._cited(proof.places) if proof.holds else []
        if not proof.holds:
            self.failed.append((draft, proof.objections))
        elif not all(check(one, self._archive).verdict.holds for one in cited):
            self.failed.append((draft, ("the article was taken down meanwhile",)))
        else:
            self.citations += [one for one in cited if one not in self.citations]
            self.claims.append(Claim(draft.text, tuple(one.n for one in cited)))
            self._tell(self.claims[-1], cited)

    def _cited(self, places: Sequence[Place]) -> list[Citation]:
        """A citation for each place; one that is cited already keeps its number."""
        known = {(one.article, one.revision, one.start, one.end): one for one in self.citations}
        cited: list[Citation] = []
        number = len(known)
        for place in places:
            passage = place.excerpt.hit.passage
            citation = known.get((passage.article, passage.revision, place.start, place.end))
            if citation is None:
                number += 1
                citation = cite_words(place.excerpt.hit, place.start, place.quote, number)
            cited.append(citation)
        return cited
