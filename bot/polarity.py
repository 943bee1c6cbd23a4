"""Whether a claim denies what the quoted words affirm, or states as fact what they call possible, planned or false.

By the wording, with rules for English. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.clauses import Clauses


def _any(*ways: str) -> str:
    return rf"\b(?:{'|'.join(ways)})\b"


_THAN = "(?:more|less|fewer|later|earlier|sooner|over|above) than|over|above"
NOT = _any(
    rf"not(?! (?:only|just|least|quite|{_THAN})\b)(?: yet| even| always)?",
    rf"no longer|no(?! (?:{_THAN})\b|\. ?\d)(?: one\b)?",
    "nobody|none|nothing|nowhere|never|neither|nor|without|cannot|yet to|hardly|barely|[^\\W_]+n't",
)
DENIAL = _any(
    "den(?:y|ied|ies|ying)|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to|rul(?:e|es|ed|ing) out",
    "(?:false|untrue|wrong) that|unable to|un(?:clear|known|certain)|lack(?:s|ed|ing)?|los(?:e|es|ing|t)",
)
NEGATION = re.compile(rf"(?P<not>{NOT})|{DENIAL}", re.I)
NEGATIVE = (
    rf"{NOT}|{DENIAL}|"
    r"\b(?:un(?:able|clear|known)|los[te]|lack|declin|exclu|except|stay|remain|only|reject|fail|avoid|prevent|leaves? out)"
)
POSSIBLE = (
    r"(?-i:\bmay\b)|\b(?:might|could|perhaps|maybe|possibl[ey]|(?:un)?likely|probabl[ey]|allegedly|reportedly|supposedly"
    r"|apparently|(?:appear|seem)(?:s|ed)? to|(?:thought|believed|feared|rumoured|reported) to)\b"
)
SUSPECTED = r"\b(?:alleged|suspected|potential|presumed|possible|would-be|accused of|charged with|suspicion of)\b"
UNSURE = (
    rf"{POSSIBLE}|{SUSPECTED}|\b(?:can|cannot|can't|if|unless|whether|unclear|unknown|uncertain|suspect\w*|accus\w+)\b"
)
FUTURE = (
    r"\b(?:will|shall|should|would|going to|(?:is|are|was|were) to|(?:is|are) due to|plan(?:s|ned|ning)? to|expect\w*"
    r"|inten(?:d|ds|ded|ding|tion)|hop(?:e|es|ed|ing) (?:to|that)|aim(?:s|ed|ing)? to|propos\w+|promis\w+|pledg\w+|vow\w*"
    r"|set to|scheduled|forecast\w*|agree[sd]? to)\b|'ll\b"
)
WISH = r"\b(?:ask(?:s|ed|ing)? (?:\w+ )?for|demand\w*|call(?:s|ed|ing)? for|urg(?:e|es|ed|ing)|seek(?:s|ing)?|want(?:s|ed|ing)?)\b"
UNTRUE = (
    r"\b(?:false|fake|hoax\w*|untrue|baseless|rumou?r\w*|unconfirmed|unverified|den(?:y|ied|ies) that|no evidence)\b"
)


class Reserve(NamedTuple):
    """What makes a statement less than a fact, and what in a claim says as much.

    reach: what they hold for. From the conjunction before the cue on: a `phrase` up to the next one, a `statement`
    up to the end of the clause. `near`: a few terms behind it. `whole`: all sentences around the quotation.
    """

    cue: re.Pattern[str]
    answer: re.Pattern[str]
    reach: str


def _reserve(cue: str, more: str = r"\b\B", reach: str = "statement") -> Reserve:
    return Reserve(re.compile(cue, re.I), re.compile(f"{cue}|{more}", re.I), reach)


RESERVES = (
    _reserve(NOT, NEGATIVE, "phrase"),
    _reserve(POSSIBLE, UNSURE),
    _reserve(SUSPECTED, UNSURE, "near"),
    _reserve(r"\bwould(?: not|n't)? have\b", r"\b(?:would|could|might)\b"),
    _reserve(FUTURE, UNSURE),
    _reserve(WISH, rf"{UNSURE}|\b(?:would|wish\w*|propos\w+|request\w*|appeal\w*|declin\w*|refus\w*)\b"),
    _reserve(UNTRUE, NEGATIVE, "whole"),
    _reserve(r"\b(?:if|unless)\b", rf"{UNSURE}|\bwould\b", "whole"),
)
THAT = re.compile(r"\bthat\b", re.I)


class Scope(NamedTuple):
    """What a negation governs, as indices of a text's terms.

    verb: how the verb begins that denies; "" for "not" and its like. is_clause: it begins with "that".
    """

    places: range
    verb: str
    is_clause: bool


def negated(claim: Clauses, around: Clauses) -> Iterator[str]:
    """What one of them denies and the other affirms, as objections. around: the sentences that are quoted from."""
    ours, theirs = _scopes(claim), _scopes(around)
    if not (ours or theirs):
        return
    if ours and not re.search(NEGATIVE, around.text, re.I):
        yield "it denies, and the quotation does not"
        return
    negated = {place for scope in theirs for place in scope.places}
    denied, affirmed = around.at(negated), around.at(set(range(len(around.terms))) - negated)
    maintained = claim.at(set(range(len(claim.terms))) - {place for scope in ours for place in scope.places})
    for word in _flipped(claim, ours, affirmed - denied, around, theirs):
        yield f"it denies “{word}”, and the quotation does not"
    for word in _flipped(around, theirs, maintained - affirmed, claim, ours):
        yield f"the quotation denies “{word}”, and it does not"


def _flipped(
    text: Clauses, scopes: list[Scope], otherwise: set[str], other: Clauses, others: list[Scope]
) -> Iterator[str]:
    """The negated terms that the other text uses without a negation.

    What stands right behind a "not" always counts; the rest, unless the other text has the same negation in other words.
    """
    for scope in scopes:
        words = [text.terms[place] for place in scope.places]
        kept = any((scope.verb and scope.verb == one.verb) or other.at(one.places) & set(words) for one in others)
        strict = 1 if kept and not scope.verb and not scope.is_clause else 0
        yield from (word for word in (words[:strict] if kept else words) if word in otherwise)


def unreserved(claim: Clauses, around: Clauses, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Reserves that are made where the quotations stand, and not in the claim, as objections. spans: of these."""
    for reserve in RESERVES:
        cues = list(reserve.cue.finditer(around.text))
        if not cues or reserve.answer.search(claim.text):
            continue
        reached = [(cue.group(), *_reach(around, reserve, cue)) for cue in cues]
        reached = [one for one in reached if any(one[1] < until and begin < one[3] for begin, until in spans)]
        if reached and _is_drawn_from(claim, around, [one[1:] for one in reached]):
            yield f"“{reached[-1][0]}” is left out"


def _is_drawn_from(claim: Clauses, around: Clauses, reached: list[tuple[int, int, int]]) -> bool:
    """Whether the claim tells what is told there, and nowhere else, or says more of it than of all the rest."""
    whole = {place for start, _, end in reached for place in around.within(start, end)}
    behind = {place for _, middle, end in reached for place in around.within(middle, end)}
    own, elsewhere = set(claim.terms), around.at(set(range(len(around.terms))) - whole)
    drawn = own & (around.at(whole) - elsewhere)
    return bool(drawn & around.at(behind)) or len(drawn) > len(own & elsewhere)


def _reach(around: Clauses, reserve: Reserve, cue: re.Match[str]) -> tuple[int, int, int]:
    """Where it begins what a reserve holds for, where what is told of it, and where both end."""
    if reserve.reach == "near":
        near = around.behind(cue.end())
        return cue.end(), cue.end(), around.starts[near[-1]] + 1 if near else cue.end()
    if reserve.reach == "whole":
        begin, end = around.text.rfind("\n", 0, cue.start()) + 1, around.text.find("\n", cue.end())
        return begin, begin, end if end >= 0 else len(around.text)
    begin, end = around.statement(*cue.span())
    return begin, cue.end(), around.joint_behind(cue.end()) if reserve.reach == "phrase" else end


def _scopes(text: Clauses) -> list[Scope]:
    """What each negation governs."""
    return [_scope(text, found) for found in NEGATION.finditer(text.text)]


def _scope(text: Clauses, negation: re.Match[str]) -> Scope:
    verb = "" if negation["not"] else negation.group()[:3].casefold()
    places = text.behind(negation.end())
    that = THAT.search(text.text, negation.start(), text.starts[places[1]] if places[1:] else len(text.text))
    if that and that.start() < text.end_of_clause(negation.end()):
        places = text.within(negation.end(), text.end_of_clause(that.end()))
    return Scope(places, verb, bool(that and not text.within(negation.end(), that.end())))
