"""A follow-up question made to stand for itself, by rule. Patterns, for English; what no rule knows stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer_type import MONTH, WEEKDAY
from bot.records import MAX_QUESTION_CHARACTERS, Window

AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|might|may)"
KIND = r"(?:how many|how much|what|which)"
ASKS = (
    r"(?:(?:by|with|to|for|from|against) whom|(?:since |until )?when|by how much|how (?:long|old|big|far|often)"
    r"|(?:from )?where|who|why|how|(?:what|which) (?:day|date|year|month|time))"
)
OPENS = rf"(?:{KIND}|{ASKS}|{AUX})\b"
SCENE = r"(?:in|at|on|by|during|after|near|aboard)"
PLACE = r"(?:in|at|on|near|from|of|to)"
PREPOSITION = rf"(?:{PLACE}|{SCENE}|for|with|about|against|over|into|before|since|until)"
ARTICLE = r"(?:the|a|an)"
PARTICIPLE = r"(?:[a-z]+ed|born|held|built|found|made|sold|shot|hurt|(?:open|safe|dead|free|guilty)$)"
WORD = rf"(?!(?:{AUX}|{PREPOSITION}|{ARTICLE}|{PARTICIPLE}|that|who|which|and|or)\b)[a-z][\w’'-]*"
CAPITAL = "[A-ZÀ-ÖØ-ÞĀ-Ž]"  # from Ā on, small ones too: they alternate
NAME_WORD = rf"(?!(?:{MONTH}|{WEEKDAY}|I)\b){CAPITAL}[\w’'&.-]*"
NAME = rf"(?<!\S){NAME_WORD}(?: (?:{NAME_WORD}|\d{{1,3}}\b))*"
FULL_NAME = rf"{NAME}(?: of (?:the )?{NAME})*"
THING = rf"{ARTICLE}(?: (?:{NAME_WORD}|{WORD}|\d+\b)){{1,4}}"
PHRASE = (
    rf"(?<!\S)(?P<those>(?:those|the \w+) (?:who|that) (?:(?!{ARTICLE}\b)[a-z]+ ){{1,5}}?)?"
    rf"(?:(?P<head>{THING})(?P<more> {PLACE} (?:{THING}|{FULL_NAME})| of {WORD})?|(?P<name>{FULL_NAME}))"
)
EVENT = r"(?i:operation|election|war|strike|flood|fire|storm|quake|crash|attack|protest|raid|final)s?\b"
AT_TIME = r"(?:(?:in|on|of|during|since|until|before|after|over|for) )?"
DATED = rf"(?<!\S)(?:(?:\d{{1,2}} )?{MONTH}(?: \d{{1,2}}\b)?(?:,? \d{{4}})?|{WEEKDAY}|(?:19|20)\d\d)(?!\S)"
TIME = (
    rf"(?<!\S){AT_TIME}(?:yesterday|today|tonight|now|(?:the )?(?:last|this|next|past) (?:\w+ )?(?:{MONTH}|{WEEKDAY}"
    rf"|night|morning|evening|day|week|weekend|month|year)s?|[\w-]+ (?:day|week|month|year)s? ago|{DATED})(?!\S)"
)
SOME = {"who": "someone", "what": "something", "which": "some", "how many": "some", "how much": "some"}
ONE, MANY = {"were": "was", "are": "is", "have": "has"}, {"was": "were", "is": "are", "has": "have"}
BE, DO = {"is", "are", "was", "were"}, {"do", "does", "did"}
ASKED = (
    rf"(?:(?P<asks>{ASKS}(?= {AUX}\b)|{KIND})(?P<thing>(?: {WORD}){{0,4}}) )?(?P<verb>{AUX}(?: it that)?) (?P<rest>.+)"
)
PLAIN = (
    rf"(?:(?P<asks>{KIND}|{ASKS})(?:(?<=many)(?P<thing>(?: \w+){{0,2}}? (?:people|\w+s)(?! of\b)))? )?(?P<verb>)"
    r"(?P<rest>.*)"
)
BARE = rf"(?:{ASKS}|how many|how much)"
INSTEAD = (
    rf"(?:(?:(?:and|so|but) )?(?:what|how) about|and,?)(?= (?!(?:then|so|you|me|him|her|them|it|that|there)\b|{OPENS}))"
    rf"(?:(?! {TIME}$)(?: (?P<at>{PREPOSITION}))? (?:(?P<name>(?:the )?{FULL_NAME})|(?P<thing>{THING}(?: of {NAME})?)"
    rf"|(?P<things>{WORD}(?: (?!{TIME}){WORD})?)))?(?: (?P<when>{TIME}))?"
)
LACKING = rf"how (?:many (?!did|do){AUX}|much {AUX}(?= {PARTICIPLE})|many (?:[a-z]+ed|took part)(?=$| {PREPOSITION}))\b"
IDLE = (  # neither refers to anything
    r"\b(?:(?:time|day|date|year|who) (?:is|was) it|it (?:like|true|called|mean|raining|takes?|seems?|cost to)"
    r"|(?:is|was) it (?:[\w-]+ ){0,3}(?:that|to|if|whether|who)|(?:what|how) about)\b"
)
PRONOUN = (  # a long question explains itself
    rf"(?!\w+ \w+$)(?:(?:(?:{ASKS}|{KIND})(?:(?: (?!{AUX}\b)[\w’'-]+){{1,4}}(?! \w+ (?:his|her|their|its)\b))? )?"
    rf"{AUX} (?P<subject>he|she|they|it|his|her|their|its|(?:this|that)(?= [a-z]+$|$))(?![\w’'])(?!(?: \S+){{7}})"
    r"|(?:\S+ (?!(?:that|who|which|when|where|why|how|what|if|whether|because|while) )){1,6}"
    rf"(?P<object>(?:him|them|it|her|this|that|(?<! is |are |was |ere )there)(?=$| {TIME}$)|(?<=of )them\b))"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question already asked, as it was read, and the time it named. headline: of the first article cited.

    names: capitalised ones in the words that were cited first. typed: the question as it was typed, if it was read as
    something else.
    """

    question: str
    headline: str = ""
    window: Window | None = None
    names: tuple[str, ...] = ()
    typed: str = ""


def standalone(question: str, earlier: Sequence[Turn]) -> str:
    """The question as it stands for itself: a follow-up gets what it lacks from the last turn, others stay as is."""
    text = _tidy(question)
    if not text or not earlier or max(len(text), len(earlier[-1].question)) > MAX_QUESTION_CHARACTERS:
        return question
    last, bare = _read(earlier[-1]), re.sub(r"^(?:and|so|but),? |(?<=why) (?:is|was) that$| exactly$", "", text)
    found = _asked_again(bare, last) or _instead(text, last) or _resolved(bare, last) or _carried(text, bare, last)
    if found and not re.search(TIME, found) and (re.fullmatch(BARE, bare) or not bare.startswith("when ")):
        found = _join(found, last.when)
    whole = (found[:1].upper() if question.lstrip()[0].isupper() else found[:1]) + found[1:] + "?"
    return whole if found and last.text and len(whole) <= MAX_QUESTION_CHARACTERS else question


@dataclass(frozen=True, slots=True)
class _Last:
    """The last question as "how many" "flights" "were" "screened here". text: without its time. when: "last week"."""

    text: str
    when: str
    asks: str
    thing: str
    verb: str
    rest: str
    name: str

    @property
    def own(self) -> bool:
        """Whether the rest has a subject of its own: "where was" "the body found", not "who was" "arrested"."""
        return bool(self.verb) and (self.asks not in SOME or self.verb in DO or bool(re.match(PHRASE, self.rest)))

    @property
    def phrase(self) -> tuple[str, str, str]:
        """The first noun phrase: whose ("the person who won "), its head ("the mayor"), and more (" of Thornbury")."""
        found = re.search(PHRASE, self.rest)
        if not found or not (self.asks or self.verb):
            return "", "" if self.asks or self.verb else self.rest, ""
        those, head, more = found["those"] or "", found["head"] or found["name"], found["more"] or ""
        behind = more.startswith(" of ") or (more and re.match(rf" (?!{PREPOSITION}\b)", self.rest[found.end() :]))
        if found["name"] or found.start() or not self.own or self.verb in BE or behind or head.count(" ") == 1:
            return those, head, more
        return those, re.sub(rf" [a-z][\w’'-]*(?: {CAPITAL}\S*)*$", "", head), ""  # "the strike end"

    @property
    def topic(self) -> str:
        """What "it" is."""
        if about := re.search(PHRASE, re.sub(r".* about |.*latest on |.+", "", self.rest, count=1)):
            return about.group()
        named = self.name if self.asks == "who" and self.own else ""
        return named or "".join(self.phrase[1:]) or (f"the {self.thing}" if self.thing else self.name)

    def those(self, many: bool) -> str:
        """Who "she" is, or who "they" are."""
        if many and self.thing:
            return f"the {self.thing}" if self.own else _join("the", self.thing, "that", self.verb, self.rest)
        if not self.own and self.asks in ({"who", "how many"} if many else {"who"}):
            subject, verb = ("those", MANY.get(self.verb, self.verb)) if many else ("the person", self.verb)
            return _join(subject, "who", verb, self.rest)
        if not many and self.verb in DO and (met := re.search(rf" {WORD} ({NAME})$", self.rest)):
            return met[1]
        return "".join(self.phrase) if many or (self.own and (self.asks != "who" or self.verb in BE)) else ""


def _read(turn: Turn) -> _Last:
    text, when = _tidy(turn.question), ""
    if turn.window and (words := turn.window.words):
        said = re.search(rf"(?<!\S){AT_TIME}(?:the )?{re.escape(words)}(?=$| {PREPOSITION}\b)", text)
        when = said.group() if said else _when(words, "")
        text = _join(text[: said.start()], text[said.end() :]) if said else text
    found = re.fullmatch(ASKED, text) or re.match(PLAIN, text)
    asks, thing, verb, rest = (((found and found[part]) or "").strip() for part in ("asks", "thing", "verb", "rest"))
    if rest.startswith("someone "):  # put there for "who" by an earlier follow-up
        asks, verb, rest = "who", verb.removesuffix("was it that"), rest.removeprefix("someone ")
    told = re.findall(FULL_NAME, turn.headline) or turn.names
    names = re.findall(NAME, text) or sorted(told, key=len)
    return _Last(text, when, asks, thing, verb, rest, names[-1] if names else "")


def _asked_again(text: str, last: _Last) -> str:
    """The last question with its asking words replaced: "when?"."""
    if not re.fullmatch(BARE, text):
        return ""
    if text in SOME:
        if last.own or last.asks not in {"who", "how many"} or text == "how much":
            return _about(text, last.topic)
        return _join(text, (ONE if text == "who" else MANY).get(last.verb, last.verb), last.rest)
    if last.own and (text == "where" or last.asks != "who" or last.verb not in BE or not re.match(ARTICLE, last.rest)):
        before, *after = re.split(rf"(?= (?!of ){PREPOSITION}\b)", last.rest, maxsplit=1)
        return _join(text, last.verb, before, last.thing, *after)
    subject = last.thing or SOME.get(last.asks, "")
    return _join(text, last.verb or "was it that", subject, last.rest) if subject else _about(text, last.topic)


def _instead(text: str, last: _Last) -> str:
    """The last question about something else: "what about Eastgate?"."""
    if not (asked := re.fullmatch(INSTEAD, text)):
        return ""
    at, name, thing, things, when = asked.group("at", "name", "thing", "things", "when")
    found = last.text
    if name:
        found = _other_name(at or "", name, last.text)
    elif at:
        found = _join(last.text, at, thing or things)
    elif thing and re.match(ARTICLE, last.phrase[1]):
        found = last.text.replace("".join(last.phrase[1 : 3 if " of " in thing else 2]), thing, 1)
    elif thing:
        found = f"what about {thing} of {last.topic}" if last.topic and " of " not in thing else ""
    elif things:
        ended = re.fullmatch(rf"(.* {PLACE}) {WORD}", last.text)
        found = last.text.replace(last.thing, things, 1) if last.thing else _join(ended[1], things) if ended else ""
    if when and re.fullmatch(DATED, when) and re.search(DATED, found):
        return re.sub(DATED, when, found, count=1)
    return _join(found, _when(when, last.when)) if when and found else found


def _other_name(at: str, name: str, text: str) -> str:
    old, end = FULL_NAME if " of " in name else NAME, rf"(?=$| {PREPOSITION}\b)"
    places = re.finditer(rf"(?:(?<!\S)(?P<at>{PLACE}) )?(?:the (?={old}{end}))?{old}(?P<end>{end})?", text)
    found = [place for place in places if not at or (place["at"] and place["end"] is not None)]
    if not found:
        return _join(text, at, name) if at else _about(text, name)
    start, stop = found[-1].span()
    before = text[:start].removesuffix("the ") if name.startswith("the ") else text[:start]
    return _join(before, at or found[-1]["at"] or "", name + text[stop:])


def _resolved(text: str, last: _Last) -> str:
    """A question with its pronoun replaced: "when was she born?"."""
    if not (found := re.match(PRONOUN, text)) or re.search(IDLE, text):
        return ""
    it = found["subject"] or found["object"]
    before, after = text[: found.end() - len(it)], text[found.end() :]
    known = (last.name or last.topic) if it == "there" else last.topic
    if it in {"he", "she", "him", "her", "his", "they", "them", "their"}:
        known = last.those(many=it.startswith("the"))
    owns = it in {"his", "its", "their"} or (it == "her" and found["subject"])
    whole = _join(before, "in" if it == "there" else "", known + ("’s" if owns else ""), after) if known else ""
    return re.sub(r" that \w+ (\w+)((?: .*)?) \1$", r" \1\2", whole)  # "the flights that were cancelled cancelled"


def _carried(text: str, bare: str, last: _Last) -> str:
    """A question without a subject, with the last one's scene or topic: "how many were arrested?"."""
    lacking = re.match(LACKING, bare) and not re.search(rf"{PREPOSITION} {ARTICLE}\b", bare)
    led = text != bare and re.match(OPENS, bare) and not re.search(IDLE, bare)
    if re.search(NAME, bare) or not (lacking or led):
        return ""
    scene = re.search(rf"\b{SCENE} .*", last.rest)
    if scene and not (last.own and re.match(PHRASE, last.rest)):
        scenery = re.sub(r"^(?:by|on) ", "in ", scene.group())
        return _join(bare, scene.group() if re.search(rf"\b{AUX}\b", bare) else scenery)
    return _join(bare, "in", last.topic) if re.search(EVENT, last.topic) else _about(bare, last.topic)


def _about(text: str, topic: str) -> str:
    return f"{text} — about {topic}" if topic else ""


def _when(words: str, like: str) -> str:
    if not re.match(DATED, words):
        return words
    at = re.match(r"(?:since|until|before|after) ", like)
    return (at.group() if at else "on " if re.match(rf"\d\d? |{WEEKDAY}", words) else "in ") + words


def _join(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def _tidy(question: str) -> str:
    text = re.sub(r"(?i)^(what|who|where|when|how)[’']s ", r"\1 is ", _join(question).rstrip("?!. "))
    return text[:1].lower() + text[1:]
