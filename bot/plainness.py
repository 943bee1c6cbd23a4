"""What a claim may look like: one line of plain words about the news. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from unicodedata import category

LONGEST = 400  # characters of a claim

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
TALK = (
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
ABOUT_ITSELF = re.compile(
    rf"\b(?:{'|'.join(TALK)})\b|^here (?:is|are)\b"
    r"|^(?:yes|no|sure|certainly|of course|correct|right|true|false|wrong|answer|note|claim)\b(?=\s?[,.:!;–—-])",
    re.I,
)


def unfit(claim: str, quoted: str) -> Iterator[str]:
    """What is wrong with how a claim looks, each a phrase that can follow "dropped: ".

    quoted: the words that it rests on; what they say of an assistant or a passage, a claim may say too.
    """
    if len(claim) > LONGEST:
        yield f"it is longer than {LONGEST} characters"
        return
    if any(category(one) in HIDDEN for one in claim) or BLANK.search(claim):
        yield "it is not one line of visible characters"
    if unescape(claim) != claim:
        yield "it carries an HTML entity"
    yield from (reason for reason, pattern in _MARKUP if pattern.search(claim))
    known = quoted.casefold()
    for found in ABOUT_ITSELF.finditer(claim.replace("’", "'")):
        if found.group().casefold() not in known:
            yield f"“{found.group()}” is not about the news"
