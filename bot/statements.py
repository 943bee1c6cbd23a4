"""From a chat message to the statements in it that can be compared with reports. Pure.

What decorates a message is taken off; questions, greetings and bare links state nothing. English.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from bot.answer_type import is_question
from bot.plainness import BLANK, HIDDEN
from ingest.chunk import sentences

MOST_CLAIMS = 5
MOST_CHARACTERS = 4_000
FEWEST_WORDS = 3

_MOMENT = re.compile(r"<t:(\d{1,11})(?::[tTdDfFR])?>")
_CUSTOM_EMOJI = r"<a?:\w+:\d+>|(?<!\w):[A-Za-z]\w{1,31}:(?!\w)"
_MENTION = r"<(?:@[!&]?|#)\d+>|</[^<>\n]{1,100}:\d+>|<id:\w+>|@(?:everyone|here)\b"
_URL = r"<?\b(?:\w{2,10}://|www\.|discord\.gg/)[^\s<>]*[^\s<>.,;:!?)]>?"
_SYMBOL = "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff]"
_CODE_BLOCK, _STRUCK = r"```.*?(?:```|\Z)", r"~~[^~]+~~"
_MASKED = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?: \"[^\"\n]*\")?\)")
_ADDED = re.compile("|".join((_CUSTOM_EMOJI, _MENTION, _URL, _SYMBOL)))
_NOT_SAID = re.compile(f"{_CODE_BLOCK}|{_STRUCK}", re.S)
_LINE_SIGN = re.compile(r"^(?:\s*(?:>{1,3}|#{1,3}|-#|[-*+•]|\d{1,3}[.)])(?=\s))+", re.M)
_SIGN = re.compile(r"\\(?=[^\w\s])|\*+|`+|\|\||~~|(?<!\w)_+|_+(?!\w)")
# What may stand before a statement, and says nothing of the news.
_LEAD = re.compile(
    r"(?:(?:hi|hey|hello|good (?:morning|afternoon|evening)|dear)(?: \w+){0,2}[,.!:]\s+"
    r"|(?:ok(?:ay)?|so|well|wow|omg|lol|yes|yeah|no|nope|sure|actually|apparently|look|btw|fyi|breaking|update|news"
    r"|just in|fact|claim|fun fact|and|but)[,:!]\s+"
    r"|(?:i|we) (?:just )?(?:heard|read|think|thought|believe|guess|saw)(?: somewhere| today)?(?: that)?,?\s+"
    r"|(?:it is|it's) (?:true|a fact) that\s+)+",
    re.I,
)
_TALK = re.compile(
    r"(?:hi|hey|hello|good (?:morning|afternoon|evening|night)|bye|thanks?|thank you|welcome|congrat\w*|happy (?:birthday|new)|please"
    r"|sorry|see you|i|i'm|i'll|i've|you|you're|let's|lol|lmao)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def claims(text: str, most: int = MOST_CLAIMS) -> list[str]:
    """The first few sentences of a message that state something, as plain text, each once."""
    plain = _plain(text[:MOST_CHARACTERS])
    said = (_without_lead(plain[one.start : one.end]) for one in sentences(plain))
    return list(dict.fromkeys(filter(_states_something, said)))[:most]


def _plain(text: str) -> str:
    """The words alone, line by line: without what nobody sees, markdown, mentions, addresses, emoji and code."""
    text = "".join(one for one in unicodedata.normalize("NFC", text) if one in "\n\t" or _is_seen(one))
    text = _MOMENT.sub(_day, _NOT_SAID.sub(" ", text))
    text = _SIGN.sub("", _LINE_SIGN.sub("", _ADDED.sub(" ", _MASKED.sub(r"\1", text))))
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in HIDDEN and not BLANK.match(character)


def _day(moment: re.Match[str]) -> str:
    """The day that a Discord timestamp shows, in UTC."""
    date = datetime.fromtimestamp(int(moment[1]), UTC)
    return f"{date.day} {date:%B %Y}"


def _without_lead(sentence: str) -> str:
    rest = sentence[found.end() :] if (found := _LEAD.match(sentence)) else sentence
    return rest[:1].upper() + rest[1:] if rest != sentence else rest


def _states_something(sentence: str) -> bool:
    """Whether it is more than a question, a greeting, a few words or none."""
    asks = sentence.rstrip("”\"’')]! ").endswith("?") or (is_question(sentence) and "," not in sentence)
    return len(_WORD.findall(sentence)) >= FEWEST_WORDS and not asks and not _TALK.match(sentence)
