"""A line that a language model writes, as the draft of a claim: `[2] "exact words" -> The claim.` Pure.

Small models write it in many ways, so what is told apart is only the words that are quoted, and the claim. Each
pattern looks ahead for a bounded number of characters, so that a line takes time in proportion to its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

_DOUBLE = '"“”„‟«»″'
_SINGLE = "'‘’‚‛`"
_MARK = f"[{_DOUBLE}{_SINGLE}]"
_NUMBERS = r"\d{1,3}(?: ?[,;&] ?\d{1,3}){0,8}"
_BRACKETED = rf"(?:[\[【] ?(?:passages? ?)?#?{_NUMBERS} ?[\]】]|\((?:passages? ?)?(?:\d|10)\))"
_NUMBER = rf"(?:(?:{_BRACKETED}|\bpassage {_BRACKETED}|\bpassage ?#?\d{{1,3}}\b) ?)"
_CITED = re.compile(rf"(?:{_NUMBER}{{1,5}}[:,|–-]? ?{_MARK}?|{_MARK})", re.I)
_NUMBERED = re.compile(_NUMBER, re.I)
_QUOTED = re.compile(rf"{_NUMBER}{{0,5}}[:,|–-]? ?(?P<mark>{_MARK})", re.I)
_ARROW = re.compile(r" ?(?:[-–—=]{1,3}>|[→⇒➔➜⟶⟹⇨]|\|) ?")
_NUMBERED_AND_QUOTED = re.compile(rf"{_NUMBER}{{1,5}}[:,|–-]? ?{_MARK}", re.I)
_CLOSED = re.compile(rf"{_MARK}[.,;:)]?$")
_NEXT = re.compile(
    rf"(?<={_MARK})[.,;]? ?(?:and |& )?(?={_NUMBER}{{1,5}}[:,|–-]? ?{_MARK})|(?<=\S[{_DOUBLE}])[,;]? (?=[{_DOUBLE}]\w)",
    re.I,
)
_NEXT_BARE = re.compile(r" (?=[\[【]\d)")
_NUMBERS_BEFORE = re.compile(rf"^{_NUMBER}{{1,5}}(?:[:,|] ?|[–-](?: |(?={_MARK})))?", re.I)
_NUMBERS_BEHIND = re.compile(rf" ?{_NUMBER}{{1,5}}[.,;]?$", re.I)
_BEHIND = re.compile(rf"(?<=[.!?…:){_DOUBLE}]) (?={_NUMBER}{{1,5}}[:,|–-]? ?{_MARK})", re.I)
_GO_ON = r"(?: ?: ?| [–—-] ?|[.,;]?(?P<blank> )(?=\w))"
_LABEL = r"(?:claim|answer|fact|statement|quotes?|evidence|source|citation|proof)"
_LED = re.compile(rf"^(?:[\s>#*•·–—|-]+(?!\d)| ?\d{{1,2}}[.):] |{_LABEL}(?: ?\d{{1,2}})? ?[:.] ?)+", re.I)
_LABELLED = re.compile(rf"^{_LABEL}(?: ?\d{{1,2}})? ?: ?", re.I)
_TRAILED = re.compile(rf"\b{_LABEL} ?: ?$", re.I)
_BOLD = re.compile(r"(?<![\w*])[*_]{1,3}|[*_]{1,3}(?![\w*])")
_TOKENS = re.compile(r"(?:<\|[\w ]{1,20}\|>|</?s>)+$")  # that some servers let through
_MARKERS = re.compile(rf"(?: ?{_BRACKETED}){{1,8}}(?=[.!?]?$)|^(?:{_BRACKETED} ?){{1,8}}", re.I)
_REFUSAL = re.compile(r"\W*(?:answer\W+)?no[\W_]*answer\W*", re.I)
_REFUSAL_EXPLAINED = re.compile(r"\W*NO[ _]ANSWER\W*[.:;,(–—-]")
MOST_ARROWS = 20
FEWEST_WORDS = 3  # of a claim that no arrow sets apart; fewer are a label, or "According to"


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """Words that a claim rests on. passage: the number that the model gives, from 1; 0 when it gives none."""

    passage: int
    words: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim of a language model, before it is proven."""

    text: str
    quotes: tuple[DraftQuote, ...]


def is_refusal(text: str) -> bool:
    """Whether this says that the passages do not answer, and nothing else but why."""
    return bool(_REFUSAL.fullmatch(text.rpartition("->")[2]) or _REFUSAL_EXPLAINED.match(text))


def draft_of(claim: str, quotes: list[DraftQuote]) -> Draft | None:
    """The claim without markup and citation markers; None without a claim, or without a quotation.

    Empty quotations are left out, but the only one stays: a claim that can be asked for again.
    """
    claim = _unquoted(_MARKERS.sub("", _LABELLED.sub("", claim.strip())).strip(" |"))
    kept = [quote for quote in quotes if any(map(str.isalnum, quote.words))] or quotes[:1]
    if not kept or not any(map(str.isalnum, claim)) or is_refusal(claim):
        return None
    return Draft(claim, tuple(kept))


def quote_of(part: str) -> DraftQuote:
    """`[2] "exact words"`, with or without the number and the quotation marks."""
    part = part.strip()
    behind = _NUMBERS_BEFORE.sub("", part)
    quoted = _NUMBERS_BEHIND.sub("", behind)
    number = re.search(r"\d+", part[: len(part) - len(behind)]) or re.search(r"\d+", behind[len(quoted) :])
    return DraftQuote(int(number.group()) if number else 0, _words(quoted))


def draft_of_line(line: str) -> Draft | None:
    """The claim that the line makes; None if it makes none, or has no quotation."""
    line = _bare(line)
    sides = _parted(line) or _run_together(line)
    if not sides:
        return None
    citations, claim = sides
    if re.search(_MARK, citations):
        return draft_of(claim, [quote_of(part) for part in _NEXT.split(citations)])
    bare = [quote_of(part) for part in _NEXT_BARE.split(citations)]
    return draft_of(claim, [quote for quote in bare if quote.words])


def _bare(line: str) -> str:
    """Without numbering, bold marks, fences and labels around it, and with single blanks."""
    line = _TOKENS.sub("", " ".join(line.split())).strip("`")
    line = re.sub(r"\\([\"'])", r"\1", line)
    if not re.search(f"[{_DOUBLE}]", line):
        line = re.sub("''|``", '"', line)
    return _LED.sub("", _BOLD.sub("", line), count=1).strip(" |")


def _parted(line: str) -> tuple[str, str] | None:
    """Citations and claim, with an arrow between them."""
    unclosed = None
    for arrow in islice(_ARROW.finditer(line), MOST_ARROWS):
        head, tail = line[: arrow.start()], line[arrow.end() :]
        is_cited = _CITED.match(head)
        behind = _CITED if not is_cited else _NUMBERED_AND_QUOTED if not _NUMBERED.match(head) else None
        if behind and behind.match(tail):
            return tail, head
        if is_cited and _CLOSED.search(head):
            return head, tail
        if is_cited and not unclosed and any(map(str.isalnum, _NUMBERED.sub("", head[:100]))):
            unclosed = head, tail
    return unclosed


def _run_together(line: str) -> tuple[str, str] | None:
    """Citations and claim, with nothing but a closing quotation mark between them."""
    if opening := _NUMBERED.match(line) and _QUOTED.match(line):
        marks = _DOUBLE if opening["mark"] in _DOUBLE else _SINGLE
        for closing in re.compile(rf"(?<! )[{marks}]" + _GO_ON).finditer(line, opening.end()):
            if not closing["blank"] or not line[closing.end()].islower():
                return line[: closing.start() + 1], line[closing.end() :]
        return None
    if behind := _BEHIND.search(line):
        claim, citations = _TRAILED.sub("", line[: behind.start()]), line[behind.end() :]
        is_closed = _CLOSED.search(citations) or len(re.findall(_MARK, citations)) == 1
        if is_closed and len(claim.split()) >= FEWEST_WORDS:
            return citations, claim
    return None


def _words(quoted: str) -> str:
    """Without the quotation marks around them, of which one or both may be missing."""
    if re.match(_MARK, quoted):
        return re.sub(rf"{_MARK}[.,;:)]*$", "", quoted[1:]).strip()
    if len(re.findall(f"[{_DOUBLE}]", quoted)) % 2:
        return re.sub(rf"[{_DOUBLE}][.,;:)]*$", "", quoted).strip()
    return quoted.strip()


def _unquoted(claim: str) -> str:
    """Without quotation marks around the whole of it, or a closing one that none opens."""
    if re.match(_MARK, claim):
        return claim[1:-1].strip() if re.fullmatch(rf".[^{_DOUBLE}]*{_MARK}", claim) else claim
    return _words(claim)
