"""One conversation: what was asked so far, so that a follow-up is read with what came before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from bot.conversation import NAME, Turn
from bot.follow_up import Reading, read, read_by_model
from bot.injection import is_addressed_to_a_model
from bot.language_model import LanguageModel, Message
from bot.records import Answer, Question, Usage

TURNS_KEPT = 20


class Conversation:
    """The questions of one conversation. model: what makes follow-ups stand for themselves; None to do it by rule.

    outlets: whose names restrict a follow-up to them. count: the tokens of a text. turns: what was asked before.
    """

    def __init__(
        self,
        outlets: Sequence[str],
        model: LanguageModel | None,
        count: Callable[[str], int],
        turns: Sequence[Turn] = (),
    ) -> None:
        self._outlets = outlets
        self._model = model
        self._count = count
        self._turns = list(turns)

    def question(self, typed: Question) -> Question:
        """The question as it is to be read."""
        if self._model is None:
            reading, usage = read(typed.text, self._turns, self._outlets), None
        else:
            reading, usage = self._read_by(self._model, typed.text)
        is_restricted = reading.outlet and not typed.where.outlets
        return replace(
            typed,
            read_as=reading.text if reading.text != typed.text else "",
            borrows=reading.borrows,
            where=replace(typed.where, outlets=(reading.outlet,)) if is_restricted else typed.where,
            usage=usage,
        )

    def _read_by(self, model: LanguageModel, text: str) -> tuple[Reading, Usage | None]:
        """What a model reads, and what that cost; None when it did not have to be asked."""
        usage = Usage()

        def stream(messages: Sequence[Message]) -> Iterator[str]:
            nonlocal usage
            with closing(model.stream(messages, run_name="dateline follow-up")) as reply:
                try:
                    yield from reply
                finally:
                    usage += reply.usage

        reading = read_by_model(text, self._turns, self._outlets, stream, self._count)
        return reading, usage if usage.calls else None

    def keep(self, answer: Answer) -> None:
        """Remember what was asked."""
        self._turns.append(turn(answer))
        del self._turns[:-TURNS_KEPT]


def turn(answer: Answer) -> Turn:
    """What is remembered: the question, the time it named, and whom the first quotation names; not the answer itself."""
    first = answer.citations[0] if answer.citations else None
    return Turn(
        question=answer.question.words,
        headline=first.title if first and not is_addressed_to_a_model(first.title) else "",
        window=answer.window if answer.window and answer.window.words else None,
        names=tuple(re.findall(NAME, first.quote)) if first else (),
        typed=answer.question.text,
    )
