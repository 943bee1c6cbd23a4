"""What a follow-up question is read as: by rule, or by a language model whose reading code has checked."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.answer_type import MONTH, NUMBER_WORD, WEEKDAY
from bot.conversation import OPENS, PREPOSITION, Turn, standalone
from bot.figures import ORDINALS
from bot.records import MAX_QUESTION_CHARACTERS
from index.keywords import STOP_WORDS
from ingest.errors import LanguageModelError
from prompts import load

TURNS_TOLD = 5
TOKENS_TOLD = 600
CHARACTERS_HEARD = 2000
WORDS_ADDED = 40
FILLERS = {*STOP_WORDS.split(), "person", "someone", "something", "there"}  # what the rules add, among others

ASIDE = r"(?:(?:and|but|so|or),? )?"
NAMED = rf"{ASIDE}(?:(?:what|how) about )?(.+)"  # which may also be what is asked about
SAYS = r"(?:(?:have to )?(?:say|write)|report|said|written|reported|saying|writing|reporting)"
NAMED_AS_SOURCE = (
    rf"{ASIDE}(?:(?:what|how) about |anything |only |just )?(?:according to|from|in|by) (.+)",
    rf"{ASIDE}(?:only|just) (.+)",
    rf"{ASIDE}what(?:'s| (?:do|does|did|has|have|is|are)) (.+?) {SAYS}(?: (?:about|on|of) (?:it|that|this))?",
)

MARKUP = r"[<>\[\]{}`*_|#\\/~^=@:;•→]|\S*\w\.[^\W\d_]{2,}"  # the last for "news.example", but not "U.S." or "4.2"
SENTENCE_ENDS = r"[?!…] |\w{4,}\. "
BEGINS = rf"(?i:{OPENS}|whose\b|whom\b|{PREPOSITION}\b)"
AGO = r"now|yesterday|today|tonight|tomorrow|last|next|past|ago|(?:week|weekend|month|year)s?"
EXACT = rf"(?!may$|march$)(?i:{MONTH}|{WEEKDAY}|{AGO}|{NUMBER_WORD}|{'|'.join(ORDINALS)})"

Stream = Callable[[Sequence[tuple[str, str]]], Iterable[str]]  # messages, each a role and a text, to pieces of a reply


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it stands for itself; as it was typed when nothing was added.

    outlet: the only one that is asked about, empty for all. borrows: whether the text says what nobody typed in this
    conversation, such as a name or a number: it is from an earlier answer, and a refusal must not repeat it.
    """

    text: str
    outlet: str = ""
    borrows: bool = False


def read(question: str, turns: Sequence[Turn], outlets: Iterable[str] = ()) -> Reading:
    """The question, read by rule with the last turn. outlets: the archive's, by name."""
    known = [outlet for outlet in outlets if _plain(outlet)]
    outlet = _outlet(question, turns[-1].question, known) if turns else ""
    text = _asked_of(outlet, turns[-1].question, known) if outlet else standalone(question, turns)
    return Reading(text, outlet, _borrows(text, question, turns))


def read_by_model(
    question: str, turns: Sequence[Turn], outlets: Iterable[str], stream: Stream, count: Callable[[str], int]
) -> Reading:
    """The question, read by a language model with the last turns; by rule, when what it writes fails the checks.

    It is not asked when an outlet is all that is named. count: the tokens of a text.
    """
    by_rule = read(question, turns, outlets)
    told = _told(turns, count)
    if by_rule.outlet or not told or not question.strip() or len(question) > MAX_QUESTION_CHARACTERS:
        return by_rule
    text = _line(_heard(stream, _messages(question, told)))
    if _folded(text) == _folded(question):
        return Reading(question)
    if not _holds(text, question, turns[-TURNS_TOLD:]):
        return by_rule
    return Reading(text, borrows=_borrows(text, question, turns))


def _outlet(question: str, last: str, outlets: Sequence[str]) -> str:
    """The outlet that a follow-up names and nothing else: "what about Reuters?"; empty when it does not."""
    if not last.strip() or max(len(question), len(last)) > MAX_QUESTION_CHARACTERS:
        return ""
    text = _plain(question)
    about = re.search(rf"(?<!\w)(?:{_any_of(outlets)})(?!\w)", last)
    patterns = NAMED_AS_SOURCE if about else (NAMED, *NAMED_AS_SOURCE)  # "who owns Reuters?" "and the Meridian Post?"
    named = filter(None, (re.fullmatch(pattern, text) for pattern in patterns))
    return next(filter(None, (_spelt(found[1], outlets) for found in named)), "")


def _asked_of(outlet: str, last: str, outlets: Sequence[str]) -> str:
    """The last question; if that was what another outlet says, it is now what this one says."""
    other = rf"(?i)(?:(?<=according to )|(?<=what does )|(?<=what did ))(?:the )?(?:{_any_of(outlets)})(?!\w)"
    asked = re.sub(other, lambda _: outlet, last)
    return asked if len(asked) <= MAX_QUESTION_CHARACTERS else last


def _any_of(outlets: Sequence[str]) -> str:
    """A pattern for their names, of which "the" is not part."""
    names = sorted((re.escape(outlet.strip().removeprefix("The ")) for outlet in outlets), key=len, reverse=True)
    return "|".join(names) or "(?!)"


def _spelt(name: str, outlets: Sequence[str]) -> str:
    """The outlet as the archive spells it; "the" is needed only to tell one from another."""
    exact = [one for one in outlets if _plain(one) == _plain(name)]
    alike = [one for one in outlets if _plain(one).removeprefix("the ") == _plain(name).removeprefix("the ")]
    return next(iter(exact + alike), "")


def _plain(text: str) -> str:
    """Without case and the punctuation around it, and with one kind of apostrophe and space."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split()).strip("?!., \"'“”‘«»")


def _told(turns: Sequence[Turn], count: Callable[[str], int]) -> str:
    """The last turns, as many as there is room for, whole."""
    told = ""
    for turn in reversed(turns[-TURNS_TOLD:]):
        longer = f"{_turn(turn)}\n\n{told}".strip()
        if count(longer) > TOKENS_TOLD:
            break
        told = longer
    return told


def _turn(turn: Turn) -> str:
    """A turn, each thing on one line of its own: what was asked, and headline and names, but nothing else it said."""
    parts = {
        "Asked": turn.question,
        "Time": turn.window.words if turn.window else "",
        "Headline": turn.headline,
        "Names": ", ".join(turn.names),
    }
    return "\n".join(f"{name}: {' '.join(part.split())}" for name, part in parts.items() if part.strip())


def _messages(question: str, told: str) -> tuple[tuple[str, str], ...]:
    fence = secrets.token_hex(4)  # no headline can know it, and so close the fence
    rules = load("standalone_rules", "fence").fill(fence=fence)
    asked = load("standalone", "fence", "conversation", "question")
    return ("system", rules), ("human", asked.fill(fence=fence, conversation=told, question=" ".join(question.split())))


def _heard(stream: Stream, messages: Sequence[tuple[str, str]]) -> str:
    """What the model writes; nothing when it fails, or writes far more than a question."""
    said = ""
    try:
        for piece in stream(messages):
            said += piece
            if len(said) > CHARACTERS_HEARD:
                return ""
    except LanguageModelError:
        return ""
    return said


def _line(said: str) -> str:
    """The only line, without quotation marks around it; empty when there are more."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    line = lines[0] if len(lines) == 1 else ""
    quoted = re.fullmatch(r'"([^"]+)"|“([^”]+)”', line)
    return quoted[1] or quoted[2] if quoted else line


def _holds(text: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a model's reading is the question that was typed, and adds nothing that is not from the conversation."""
    windows = [turn.window.words for turn in turns if turn.window]
    asked = "\n".join([question, *(turn.question for turn in turns), *windows])
    told = "\n".join([asked, *(turn.headline for turn in turns), *(name for turn in turns for name in turn.names)])
    return _is_one_question(text, question, asked) and _invents_nothing(text, asked, told) and _keeps(text, question)


def _is_one_question(text: str, question: str, asked: str) -> bool:
    """Whether it is one, and not much longer than what was typed. asked: where its markup may be from."""
    return (
        0 < len(text) <= MAX_QUESTION_CHARACTERS
        and len(text.split()) <= len(question.split()) + WORDS_ADDED
        and text.isprintable()
        and (text.endswith("?") or len(text) <= len(question))
        and all(piece in asked for piece in re.findall(rf"{MARKUP}|{SENTENCE_ENDS}", text))
    )


def _invents_nothing(text: str, asked: str, told: str) -> bool:
    """Whether its numbers and times are from what was asked, and its names from that or what was told."""
    first, *words = _words(text) or [""]
    exact = [word for word in words if any(map(str.isnumeric, word)) or re.fullmatch(EXACT, word)]
    if not re.match(BEGINS, text):
        exact.append(first)  # such as "Visit", or "Sure"
    names = [word for word in words if not word.islower()]
    return _all_in(exact, asked) and _all_in(names, told)


def _keeps(text: str, question: str) -> bool:
    """Whether a word of the question is still there, if it had any that says something."""
    kept = {_stem(word) for word in _folded(question) if word not in FILLERS}
    return not kept or not kept.isdisjoint(map(_stem, _words(text)))


def _borrows(text: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether it says anything that nobody typed."""
    typed = " ".join([question, *(turn.typed or turn.question for turn in turns)])
    words = [word for word in _words(text) if word.isupper() or word.casefold() not in FILLERS]  # "US" is not "us"
    return not {_stem(word) for word in words} <= {_stem(word) for word in _words(typed)}


def _all_in(words: Sequence[str], text: str) -> bool:
    return {word.casefold() for word in words} <= set(_folded(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)+|\w\w+|[^\W_A-Za-z]", unicodedata.normalize("NFKC", text))


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in _words(text)]


def _stem(word: str) -> str:
    """Without the ending of a plural or a past: what is typed and what is read differ in it."""
    return re.sub(r"(?<=\w{3})(?:e?s|e?d|ing|e)$", "", word.casefold())
