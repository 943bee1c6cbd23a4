"""Cuts what a language model writes into records while it streams in: lines, and the JSON objects of claims. Pure."""

from __future__ import annotations

LONGEST = 4_000  # characters of a record; a longer one is dropped
LONGEST_KEY = 40

# What an object's quotations may be called. A list or object under any other name is a wrapper around claims.
QUOTES = ("quotes", "quote", "evidence", "citations", "citation", "sources", "quotations", "support")

_THOUGHTS = tuple(f"<{name}>" for name in ("think", "thinking", "thought", "reasoning"))
_THOUGHTS_END = tuple(f"</{name[1:]}" for name in _THOUGHTS)
_TAG_LENGTH = max(map(len, _THOUGHTS_END))
_STRING_MARKS = "\"'"


class Splitter:
    """Takes in text in pieces of any size. An object begins with a brace; a line that does so is no claim."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._wrappers = 0
        self._json = _Json()
        self._new_line()

    def feed(self, piece: str) -> list[str]:
        """The records that this piece completes. What is inside of <think> is none."""
        for character in piece:
            self._read(character)
        done, self._done = self._done, []
        return done

    def close(self) -> list[str]:
        """The last line; an object that is not complete is none."""
        return self.feed("\n") if self._read == self._line else []

    def _new_line(self) -> None:
        self._kept: list[str] = []
        self._last = ""  # character that is no white space
        self._has_quotation = False
        self._read = self._line

    def _line(self, character: str) -> None:
        may_begin_object = self._last == "{" and not self._has_quotation
        if character in _STRING_MARKS and may_begin_object:
            self._begin_object()
            self._object(character)
        elif character == "\n" and not may_begin_object:
            self._end()
            self._new_line()
        elif not character.isspace():
            self._keep(character)
            self._last = character
            self._has_quotation |= character in '"“”„«»'
            if character == ">":
                self._end_tag()
        elif self._kept:
            self._keep(character)

    def _end_tag(self) -> None:
        tag = "".join(self._kept[-_TAG_LENGTH:]).casefold()
        if tag in _THOUGHTS:
            self._read = self._thought
        elif tag.endswith(_THOUGHTS_END):  # the beginning was in the prompt
            self._new_line()

    def _thought(self, character: str) -> None:
        self._kept = [*self._kept[1 - _TAG_LENGTH :], character]
        if character == ">" and "".join(self._kept).casefold().endswith(_THOUGHTS_END):
            self._new_line()

    def _begin_object(self) -> None:
        self._kept = ["{"]
        self._json = _Json()
        self._json.read("{")
        self._read = self._object

    def _object(self, character: str) -> None:
        self._keep(character)
        depth = self._json.depth
        self._json.read(character)
        if depth == 1 < self._json.depth and self._json.key not in QUOTES:
            self._wrappers += 1
            self._begin_object()
        elif self._json.depth == 0:
            self._end()
            self._new_line()
            if self._wrappers:
                self._read = self._between

    def _between(self, character: str) -> None:
        """Between the objects that a wrapper holds."""
        if character == "{":
            self._begin_object()
        elif character == "}":
            self._wrappers -= 1
            if not self._wrappers:
                self._new_line()

    def _keep(self, character: str) -> None:
        if len(self._kept) <= LONGEST:
            self._kept.append(character)

    def _end(self) -> None:
        if 0 < len(self._kept) <= LONGEST:
            self._done.append("".join(self._kept))


class _Json:
    """Follows JSON. depth: of braces that are open; key: the last one of the outermost object, in lower case."""

    def __init__(self) -> None:
        self.depth = 0
        self.key = ""
        self._string: list[str] = []  # the last one's first characters
        self._closes_with = ""  # while a string is open
        self._is_escaped = False
        self._may_be_closed = False
        self._last = ""  # character outside of strings that is no white space

    def read(self, character: str) -> None:
        """Go on by one character."""
        if character.isspace() or (self._closes_with and not self._leaves_string(character)):
            return
        if character in "{}":
            self.depth += 1 if character == "{" else -1
        elif character == ":" and self.depth == 1:
            self.key = "".join(self._string).casefold()
        elif character in _STRING_MARKS and self._last in "{[,:":
            self._closes_with = character
            self._string = []
        self._last = character

    def _leaves_string(self, character: str) -> bool:
        """Whether the string was closed before this character. A quotation mark inside it need not be escaped."""
        if self._may_be_closed and character in ",:]}":
            self._closes_with = ""
            self._may_be_closed = False
            return True
        self._may_be_closed = character == self._closes_with and not self._is_escaped
        self._is_escaped = character == "\\" and not self._is_escaped
        if not self._may_be_closed and len(self._string) < LONGEST_KEY:
            self._string.append(character)
        return False
