"""Whether a claim says what the words say that it rests on: by the wording, with rules for English. Pure.

Numbers, dates and names are compared elsewhere. Out of reach is what takes understanding: a word in place of another
("opened" for "closed", "rose by" for "fell by"), a change of tense, and who did what to whom.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from html import unescape
from typing import NamedTuple
from unicodedata import category

from bot.answer_type import DAY, MONTH_AND_YEAR
from bot.figures import MULTIPLES, NUMBER_WORDS, figures

LONGEST = 400  # characters of a claim
WITHIN = 3  # so many terms go with the negation or the number before them
COVERED = 0.5  # of a claim's terms


def _any(*ways: str) -> str:
    return rf"\b(?:{'|'.join(ways)})\b"


# What is never shown: control, bidi, zero-width, tag and private-use characters, and blanks that are none.
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
LINK = r"\w://|\bwww\.|\b(?:mailto|javascript|data|tel|sms):\S|\w\.[^\W\d_]{2,}/\S|\w@\w[\w-]*\.\w|\]\s?[(\[]|!\["
MARKUP = {
    "it carries a link": LINK,
    "it carries markup": r"`|\*\*|__|~~|\|\||(?<!\w)[*_](?=\w)[^*_]*[*_](?!\w)|<[a-z/!?@#:&]",
    "it begins like a heading, a list or a blockquote": r"^\s*(?:#{1,6}\s|-#|[-+*•]\s|\d{1,3}[.)]\s|[>|]|---|===)",
    "it mentions everybody": r"@(?:everyone|here)\b",
    "it carries a citation mark": r"[\[【]\^?(?:[a-z]+\s?)?\d{1,2}(?:\s?[,;:†–-][^\]】]*)?[\]】]",
    "it carries a run of characters that is no word": r"\S{40}",
}
_MARKUP = [(reason, re.compile(pattern, re.I)) for reason, pattern in MARKUP.items()]
_SHOWN = "(?:passage|text|context|excerpt|quotation|snippet|document|article|source)s?"
ABOUT_ITSELF = re.compile(
    _any(
        "as an? (?:ai|assistant|language model)",
        "language model",
        "i (?:cannot|can't|can not|could not|couldn't|do not|don't|am sorry|am unable|am not able|apologi[sz]e)",
        "i'm (?:sorry|afraid|unable|not able|not sure)",
        rf"(?:based on|according to|as stated in|in|from) (?:the|these|this|your) (?:\w+ )?{_SHOWN}",
        r"(?:the|these|this|your) (?:given|provided|following|available) \w+",
        rf"(?:the|these|this|your) {_SHOWN} (?:(?:do|does|did)(?: not|n't) )?"
        "(?:say|state|mention|indicate|report|describe|show|suggest|provide|contain)s?",
        r"passages? \d+",
        "(?:your|the user's) (?:question|query|request)",
    )
    + r"|^(?:yes|no|sure|certainly|of course|correct|right|true|false|wrong|answer|note|claim)\b(?=\s?[,.:!;–—-])"
    + r"|^here (?:is|are)\b",
    re.I,
)

_WORD_OF_NUMBER = rf"(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})s?\b"
_DIGITS = r"(?<![\w.,])(?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![,.]?\d)|\d+(?:[.,]\d+)*)"
NUMBER = rf"(?:{_DIGITS}(?:[ -](?:{'|'.join(MULTIPLES)})s?\b)?|\b{_WORD_OF_NUMBER}(?:[ -](?:and )?{_WORD_OF_NUMBER})*)"
AMOUNT = (
    rf"(?P<amount>{NUMBER}|(?:an? |one )?(?:half|third|quarter|fifth|tenth|dozen)\b|two[ -]thirds\b|three[ -]quarters\b"
    r"|an? (?:second|minute|hour|day|night|week|month|year|decade|century|mile|met(?:re|er)|kilomet(?:re|er)|tonne)\b)"
)
# Shares, prices, dates and times: these numbers count nothing.
UNCOUNTED = re.compile(
    rf"[$€£¥]\s?[\d.,]+(?: (?:{'|'.join(MULTIPLES)})\b)?|{NUMBER}\s?(?:%|per ?cent\b|percentage\b)"
    rf"|{DAY.pattern}|{MONTH_AND_YEAR.pattern}"
    r"|\b\d{1,2}:\d\d\b|\b\d{1,2}(?:\.\d\d)?\s?(?:am|pm|a\.m|p\.m|o'clock)\b"
    r"|\b(?:at|until|till|from|by|before|after|since) \d{1,2}\.\d\d\b"
    r"|\b(?:in|since|until|till|during|by|from|of|year|spring|summer|autumn|winter) (?:19|20)\d\d\b(?![.,]\d)",
    re.I,
)

# On which side of the number the true one lies.
BEFORE_NUMBER = {
    "more": "more than|over|above|exceeding|exceeds|exceeded|in excess of|greater than|upwards of|beyond",
    "at least": "at least|no fewer than|no less than|not less than|not fewer than|a minimum of",
    "less": "less than|fewer than|under|below",
    "almost": "almost|nearly|close to|just under|just below|just short of|not quite|approaching",
    "at most": "up to|at most|no more than|not more than|not over|not above|a maximum of|as many as|as much as",
    "exactly": "exactly|precisely",
}
BEHIND_NUMBER = {
    "at least": "or more|or above|and above|and more",
    "at most": "or less|or fewer|or below|or under",
    "added": "more|higher|extra|additional",
    "lacking": "less|fewer|lower",
    "later": "later than|late|behind",
    "earlier": "earlier than|early|ahead of",
}
# Beside itself, what bears it out.
IMPLIED_BY = {"at least": {"more"}, "less": {"almost"}, "at most": {"less", "almost"}}
_BEFORE, _BEHIND = (
    {way: side for side, ways in table.items() for way in ways.split("|")} for table in (BEFORE_NUMBER, BEHIND_NUMBER)
)
_ABOUT = "an estimated |a total of |some |about |around |roughly "
HEDGED = (
    (_BEFORE, re.compile(rf"\b(?P<hedge>{'|'.join(_BEFORE)}) (?:{_ABOUT})?[$€£¥]?{AMOUNT}", re.I)),
    (_BEHIND, re.compile(rf"{AMOUNT}(?: [a-z]+)? (?P<hedge>{'|'.join(_BEHIND)})\b", re.I)),
)

_THAN = "(?:more|less|fewer|later|earlier|sooner|over|above) than|over|above"
NOT = _any(
    rf"not(?! (?:only|just|least|quite|{_THAN})\b)(?: yet| even| always)?",
    rf"no longer|no(?! (?:{_THAN})\b|\. ?\d)(?: one\b)?",
    "nobody|none|nothing|nowhere|never|neither|nor|without|cannot|yet to|hardly|barely|[^\\W_]+n't",
)
DENIAL = _any(
    "den(?:y|ied|ies|ying)|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to|rul(?:e|es|ed|ing) out",
    "(?:false|untrue|wrong) that|unable to|un(?:clear|known|certain)|lack(?:s|ed|ing)?",
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

# Where a clause ends, and where one statement of it does.
CLAUSE_END = re.compile(
    r"[,;:.!?…](?=[\"”’')\]]*(?:\s|$))|[—()\n]|\s[–-]\s|\bbut\b|\band (?=(?:that|it|they|he|she)\b)", re.I
)
JOINT = re.compile(
    r"\b(?:and|or|(?<!says )(?<!said )that|which|who|where|when|while|because|after|before|as|since|though|whether|if)\b",
    re.I,
)
# Between a number and what it counts, and what ends the name of it.
OF = re.compile(r" of(?: (?:the|its|his|her|their|our))?\b", re.I)
LITTLE = re.compile(
    _any(
        "a|an|the|this|that|these|those|it|they|them|he|she|we|i|you|who|which|whom|where|when|while|what|than|as|if",
        "is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|can|could|may|might|shall|should|must",
        "and|or|of|to|in|into|on|at|by|from|for|with|after|before|since|until|during|over|under|about|against|because",
    )
    + rf"|{NUMBER}",
    re.I,
)
THAT = re.compile(r"\bthat\b", re.I)
_NUMBER = re.compile(NUMBER, re.I)
_WORD = re.compile(r"[^\W_]*n't\b|(?P<word>[^\W_]+)(?:'(?:s|re|ve|ll|d|m)\b)?", re.I)
# Numbers, and what the other rules are about.
_IDLE = """
nobody none nothing nowhere never neither nor without cannot almost nearly roughly approximately exactly precisely
least fewer less may might shall yet still
"""
PASSED_OVER = {f"{word}{end}" for word in NUMBER_WORDS for end in ("", "s")} | set(_IDLE.split())


class Scope(NamedTuple):
    """What a negation governs, as indices of a text's terms.

    verb: how the verb begins that denies; "" for "not" and its like. is_clause: it begins with "that".
    """

    places: range
    verb: str
    is_clause: bool


class Text:
    """A text's terms, without stop words and numbers, and where its clauses end."""

    def __init__(self, text: str, terms: Callable[[str], list[str]]) -> None:
        self.text = text
        self.starts: list[int] = []
        self.terms: list[str] = []
        for found in _WORD.finditer(text):
            word = found["word"]
            if word and not word[0].isdigit() and word.casefold() not in PASSED_OVER:
                stems = terms(word)
                self.starts += [found.start()] * len(stems)
                self.terms += stems
        self.ends = [*(found.start() for found in CLAUSE_END.finditer(text)), len(text)]
        self.joints = sorted({0, *self.ends, *(found.start() for found in JOINT.finditer(text))})

    def within(self, start: int, end: int) -> range:
        """The terms that begin there."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def end_of_clause(self, position: int) -> int:
        """Where the clause ends that goes on at the position."""
        return self.ends[bisect_left(self.ends, position)]

    def behind(self, position: int) -> range:
        """The next few terms of the clause."""
        return self.within(position, self.end_of_clause(position))[:WITHIN]

    def statement(self, start: int, end: int) -> tuple[int, int]:
        """The part of a clause around such a position: from the conjunction before it to the end of the clause.

        For words that stand alone, the clause behind them too, as in "Reportedly, …", or before them.
        """
        begin, until = self.joint_before(start), self.end_of_clause(end)
        if self.within(begin, start) or self.within(end, until):
            return begin, until
        if self.text[until : until + 1] == ",":
            return begin, self.end_of_clause(until + 1)
        return self.joint_before(begin - 1), until

    def joint_before(self, position: int) -> int:
        """Where the nearest conjunction or end of a clause begins, up to the position."""
        return self.joints[max(0, bisect_right(self.joints, position) - 1)]

    def joint_behind(self, position: int) -> int:
        """Where the next one does."""
        return self.joints[bisect_left(self.joints, position)]

    def scopes(self) -> list[Scope]:
        """What each negation governs."""
        return [self._scope(found) for found in NEGATION.finditer(self.text)]

    def _scope(self, negation: re.Match[str]) -> Scope:
        verb = "" if negation["not"] else negation.group()[:3].casefold()
        places = self.behind(negation.end())
        that = THAT.search(self.text, negation.start(), self.starts[places[1]] if places[1:] else len(self.text))
        if that and that.start() < self.end_of_clause(negation.end()):
            places = self.within(negation.end(), self.end_of_clause(that.end()))
        return Scope(places, verb, bool(that and not self.within(negation.end(), that.end())))

    def at(self, places: Collection[int]) -> set[str]:
        """These terms."""
        return {self.terms[place] for place in places}


def objections(
    claim: str, quotes: Sequence[str], surroundings: Sequence[str], terms: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """What speaks against the wording of a claim, each a phrase that can follow "dropped: "; empty when nothing does.

    quotes: the words that it rests on. surroundings: the whole sentences that they are of, in the same order.
    terms: the stems of a text without stop words.
    """
    if len(claim) > LONGEST:
        return (f"it is longer than {LONGEST} characters",)
    stems = cache(terms)
    said, quoted = Text(_flat(claim), stems), Text("\n".join(map(_flat, quotes)), stems)
    around = Text("\n".join(map(_flat, surroundings)), stems)
    return (
        *_not_plain(claim),
        *_about_itself(said, quoted),
        *_unhedged(said.text, quoted.text),
        *_negated(said, around),
        *_unreserved(said, around, _spans(quotes, surroundings)),
        *_miscounted(said, quoted),
        *_uncovered(said, quoted),
    )


def _flat(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def _spans(quotes: Sequence[str], surroundings: Sequence[str]) -> list[tuple[int, int]]:
    """Where each quotation stands in its surroundings, when those are written one to a line."""
    spans, offset = [], 0
    for quote, whole in zip(map(_flat, quotes), map(_flat, surroundings), strict=True):
        start = whole.find(quote)
        spans.append((offset + start, offset + start + len(quote)) if start >= 0 else (offset, offset + len(whole)))
        offset += len(whole) + 1
    return spans


def _not_plain(claim: str) -> Iterator[str]:
    if any(category(one) in HIDDEN for one in claim) or BLANK.search(claim):
        yield "it is not one line of visible characters"
    if unescape(claim) != claim:
        yield "it carries an HTML entity"
    yield from (reason for reason, pattern in _MARKUP if pattern.search(claim))


def _about_itself(claim: Text, quotes: Text) -> Iterator[str]:
    """What a model says about its task, unless the news says it."""
    known = quotes.text.casefold()
    for found in ABOUT_ITSELF.finditer(claim.text):
        if found.group().casefold() not in known:
            yield f"“{found.group()}” is not about the news"


def _unhedged(claim: str, quotes: str) -> Iterator[str]:
    quoted = {(side, value) for _, side, value in _hedges(quotes)}
    for hedge, side, value in _hedges(claim):
        if not any((one, value) in quoted for one in {side} | IMPLIED_BY.get(side, set())):
            yield f"“{hedge}” is not in the quotation, not of that number"


def _hedges(text: str) -> Iterator[tuple[str, str, object]]:
    """Each hedge that stands next to a number, its side, and the number."""
    for table, pattern in HEDGED:
        for found in pattern.finditer(text):
            yield found["hedge"], table[found["hedge"].casefold()], _value(found["amount"])


def _value(amount: str) -> object:
    return figures(amount) or amount.casefold()


def _negated(claim: Text, around: Text) -> Iterator[str]:
    """What one negates and the other affirms."""
    ours, theirs = claim.scopes(), around.scopes()
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


def _flipped(text: Text, scopes: list[Scope], otherwise: set[str], other: Text, others: list[Scope]) -> Iterator[str]:
    """The negated terms that the other text uses without a negation.

    What stands right behind a "not" always counts; the rest, unless the other text has the same negation in other words.
    """
    for scope in scopes:
        words = [text.terms[place] for place in scope.places]
        kept = any((scope.verb and scope.verb == one.verb) or other.at(one.places) & set(words) for one in others)
        strict = 1 if kept and not scope.verb and not scope.is_clause else 0
        yield from (word for word in (words[:strict] if kept else words) if word in otherwise)


def _unreserved(claim: Text, around: Text, spans: list[tuple[int, int]]) -> Iterator[str]:
    """Reserves that are made where the quotation stands, and not in the claim."""
    own = set(claim.terms)
    for reserve in RESERVES:
        if reserve.answer.search(claim.text):
            continue
        whole: set[int] = set()
        behind: set[int] = set()
        for cue in reserve.cue.finditer(around.text):
            start, middle, end = _reach(around, reserve, cue)
            if any(start < until and begin < end for begin, until in spans):
                whole.update(around.within(start, end))
                behind.update(around.within(middle, end))
                said = cue.group()
        elsewhere = around.at(set(range(len(around.terms))) - whole)
        drawn = own & (around.at(whole) - elsewhere)
        if drawn & around.at(behind) or len(drawn) > len(own & elsewhere):
            yield f"“{said}” is left out"


def _reach(around: Text, reserve: Reserve, cue: re.Match[str]) -> tuple[int, int, int]:
    """Where it begins what a reserve holds for, where what is told of it, and where both end."""
    if reserve.reach == "near":
        near = around.behind(cue.end())
        return cue.end(), cue.end(), around.starts[near[-1]] + 1 if near else cue.end()
    if reserve.reach == "whole":
        begin, end = around.text.rfind("\n", 0, cue.start()) + 1, around.text.find("\n", cue.end())
        return begin, begin, end if end >= 0 else len(around.text)
    begin, end = around.statement(*cue.span())
    return begin, cue.end(), around.joint_behind(cue.end()) if reserve.reach == "phrase" else end


def _miscounted(claim: Text, quotes: Text) -> Iterator[str]:
    """Numbers that count what no number of the quotation counts, or what another number does."""
    known = set(quotes.terms)
    counted: dict[object, set[str]] = {}
    for number, places in _counted(quotes):
        counted.setdefault(_value(number), set()).update(quotes.at(places))
    for number, places in _counted(claim):
        if not places:
            continue
        things, first = claim.at(places), claim.terms[places[0]]
        same = counted.get(_value(number), set())
        others = set().union(*(words for value, words in counted.items() if value != _value(number)))
        if not things & known or (same and not things & same and first in others):
            yield f"what it counts {number} of is not in the quotation"


def _counted(text: Text) -> Iterator[tuple[str, range]]:
    """Each number, and the terms of what it counts: those behind it up to the next little word."""
    bare = UNCOUNTED.sub(lambda found: " " * len(found.group()), text.text)
    for found in _NUMBER.finditer(bare):
        start = (OF.match(text.text, found.end()) or found).end()
        end = text.end_of_clause(start)
        little = LITTLE.search(text.text, start, end)
        yield found.group(), text.within(start, little.start() if little else end)[:WITHIN]


def _uncovered(claim: Text, quotes: Text) -> Iterator[str]:
    own, known = set(claim.terms), set(quotes.terms)
    if len(own & known) < COVERED * len(own) or not (own or claim.text.casefold() in quotes.text.casefold()):
        yield "most of its words are not in the quotation"
