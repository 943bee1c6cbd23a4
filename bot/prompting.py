"""What a language model is told: the rules, as many passages as fit its window, and the question."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.language_model import ANSWER_TOKENS, Message
from bot.protocol import Draft
from bot.prove import Excerpt
from bot.records import Question
from bot.render import day
from prompts import load

MESSAGE_TOKENS = 8  # what a message costs beside its text, at most


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the model is sent. excerpts: those that it holds, in their numbers' order, from 1. tokens: of it all."""

    messages: tuple[Message, ...]
    excerpts: tuple[Excerpt, ...]
    tokens: int


class Prompts:
    """The prompts for answering, filled in."""

    def __init__(self) -> None:
        self._rules = load("answer_rules", "fence", "format", "limit")
        self._formats = {False: load("format_lines"), True: load("format_json")}
        self._question = load("answer", "passages", "today", "question")
        self._again = load("answer_again", "failed")

    def sheet(
        self,
        question: Question,
        excerpts: Sequence[Excerpt],
        limit: int,
        *,
        structured: bool,
        window: int,
        count: Callable[[str], int],
    ) -> Sheet:
        """The prompt with as many passages, whole and from the first, as the window has room for; maybe with none.

        window: tokens of prompt and answer together. count: the tokens of a text.
        """
        fence = secrets.token_hex(4)  # no article can know it, and so close the fence
        rules = self._rules.fill(fence=fence, format=self._formats[structured].fill(), limit=str(limit))
        today = f"{question.asked:%A}, {day(question.asked)}"
        empty = self._question.fill(passages="", today=today, question=question.words)
        tokens = count(rules) + count(empty) + 2 * MESSAGE_TOKENS
        shown: list[str] = []
        for number, excerpt in enumerate(excerpts, 1):
            passage = _passage(excerpt, number, fence)
            cost = count(f"{passage}\n\n")
            if tokens + cost > window - ANSWER_TOKENS:
                break
            tokens += cost
            shown.append(passage)
        asked = self._question.fill(passages="\n\n".join(shown), today=today, question=question.words)
        return Sheet((("system", rules), ("human", asked)), tuple(excerpts[: len(shown)]), tokens)

    def again(self, failed: Sequence[tuple[Draft, Sequence[str]]]) -> tuple[Message, ...]:
        """What the model wrote, and a request to mend it."""
        lines = [_line(draft) for draft, _ in failed]
        reasons = [f"{line}\nBecause {'; '.join(why)}." for line, (_, why) in zip(lines, failed, strict=True)]
        return ("ai", "\n".join(lines)), ("human", self._again.fill(failed="\n\n".join(reasons)))


def _passage(excerpt: Excerpt, number: int, fence: str) -> str:
    """A passage as data, with its headline, between lines that only we can write."""
    article, passage = excerpt.hit.article, excerpt.hit.passage
    head = " · ".join(part for part in (article.byline, day(article.published), article.title) if part)
    return f"<passage {number} {fence}>\n{head}\n\n{passage.text}\n</passage {number} {fence}>"


def _line(draft: Draft) -> str:
    quotes = " ".join(f'[{quote.passage}] "{quote.words}"' for quote in draft.quotes)
    return f"{quotes} -> {draft.text}"
