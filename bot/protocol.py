"""What a language model writes, to drafts of claims: lines, or the JSON that SCHEMA describes. Pure.

Small local models keep to neither, so both are read with much tolerance: a draft proves nothing yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.protocol_lines import Draft, DraftQuote, draft_of, draft_of_line, is_refusal, quote_of
from bot.protocol_records import QUOTES, Splitter

__all__ = ["SCHEMA", "Draft", "DraftQuote", "DraftReader"]

MOST_DRAFTS = 20
MOST_OBJECTS = 60  # that are parsed, whether or not they make a draft
MOST_BRACKETS = 100  # of an object

_QUOTE = {
    "type": "object",
    "properties": {
        "passage": {"type": "integer", "description": "The number of the passage."},
        "quote": {"type": "string", "description": "Exact words of that passage, copied letter by letter."},
    },
    "required": ["passage", "quote"],
    "additionalProperties": False,
}
_CLAIM = {
    "type": "object",
    "properties": {
        "claim": {"type": "string", "description": "One sentence that says no more than its quotes."},
        "quotes": {"type": "array", "description": "What proves the claim.", "items": _QUOTE},
    },
    "required": ["claim", "quotes"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "title": "Claims",
    "description": "The answer to the question, as claims that the passages prove.",
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "description": "Empty if the passages do not answer the question.",
            "items": _CLAIM,
        },
    },
    "required": ["claims"],
    "additionalProperties": False,
}

# The names that fields go by, in lower case and letters only; the first that an object has counts.
_CLAIMS = ("claim", "statement", "answer", "sentence", "text")
_WORDS = ("quote", "words", "exactwords", "quotation", "text")
_PASSAGE = ("passage", "passagenumber", "source")
_NUMBER = (*_PASSAGE, "number", "id", "n")
_MAY_BE_CLAIM = re.compile(rf"[\"'](?:{'|'.join(QUOTES)})[\"']\s*:", re.I)
_REFUSAL = re.compile(
    r"[\"'](?:claims?|answers?|statements?)[\"']\s*:\s*(?:\[\s*\]|null|\[?\s*[\"']\W*no[\W_]*answer\W*[\"'])", re.I
)


class DraftReader:
    """Reads what a language model writes, while it writes it."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._drafts = 0
        self._objects = 0
        self._refused = False

    @property
    def declined(self) -> bool:
        """Whether it says that the passages do not answer, and claims nothing."""
        return self._refused and not self._drafts

    def feed(self, piece: str) -> list[Draft]:
        """The drafts that this piece completes. At most 20 are read in all."""
        return self._read(self._splitter.feed(piece)) if self._drafts < MOST_DRAFTS else []

    def close(self) -> list[Draft]:
        """The drafts that the end of the text completes."""
        return self._read(self._splitter.close()) if self._drafts < MOST_DRAFTS else []

    def _read(self, records: Iterable[str]) -> list[Draft]:
        found = [draft for record in records if (draft := self._draft(record))]
        kept = found[: MOST_DRAFTS - self._drafts]
        self._drafts += len(kept)
        return kept

    def _draft(self, record: str) -> Draft | None:
        if not record.startswith("{"):
            self._refused |= is_refusal(record) or record.strip() == "[]"
            return draft_of_line(record)
        self._refused |= bool(_REFUSAL.search(record))
        if not _MAY_BE_CLAIM.search(record) or self._objects == MOST_OBJECTS:
            return None
        self._objects += 1
        return draft_of_object(record)


def draft_of_object(text: str) -> Draft | None:
    """The claim that a JSON object makes; None if it makes none, or has no quotation."""
    if text.count("{") + text.count("[") > MOST_BRACKETS:
        return None
    from json_repair import loads

    fields = _fields(loads(text))
    claim, quotes = _first(fields, _CLAIMS), _first(fields, QUOTES)
    if not isinstance(claim, str):
        return None
    passage = _passage(_first(fields, _PASSAGE))
    listed = quotes if isinstance(quotes, list) else [quotes] if quotes else []
    return draft_of(claim, [_quote(one, passage) for one in listed])


def _fields(value: object) -> dict[str, Any]:
    """Those of an object, by their names in lower case and letters only."""
    named = value.items() if isinstance(value, dict) else ()
    return {re.sub(r"[\W_]", "", str(name)).casefold(): field for name, field in named}


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> object:
    return next((fields[name] for name in names if fields.get(name)), None)


def _quote(value: object, passage: int) -> DraftQuote:
    """An object, or a string that may begin with a number. passage: the number that counts where it names none."""
    if isinstance(value, str):
        quote = quote_of(value)
        return DraftQuote(quote.passage or passage, quote.words)
    fields = _fields(value)
    words = _first(fields, _WORDS)
    return DraftQuote(_passage(_first(fields, _NUMBER)) or passage, words.strip() if isinstance(words, str) else "")


def _passage(value: object) -> int:
    """The number in `2`, "2" or "[2]"; 0 without one."""
    found = re.search(r"\d{1,3}", str(value))
    return int(found.group()) if found else 0
