"""Whether an article speaks to the machine that reads it, instead of to people. Pure.

Patterns know the usual wordings; what they miss is still data between fences to the model, and what it then claims
has to be proven like anything else.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from functools import cache

from bot.injection_patterns import BLANK, FORMS, ORDERS, PHRASES, START

TURN = re.compile(r"^\W{0,6}(human|user|system|assistant|ai|chatgpt|bot)(?: \d)? ?:", re.M)
ASKING, ANSWERING = {"human", "user", "system"}, {"assistant", "ai", "chatgpt", "bot"}
SPELLED_OUT = re.compile(r"\b(?:\w[ .,-]){7,}\w\b")
BASE64 = re.compile(r"[A-Za-z0-9+/]{80,}")
LEGIBLE = 0.9  # of the decoded bytes; of random ones, 0.37 are

COMMON = (" the ", " all ", " and ", "instructions")  # no text that reads forwards has them backwards, or in ROT13

PLAIN = str.maketrans(
    dict.fromkeys("“”„‟«»「」『』", '"') | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("‐‑‒–—―−", "-")
    | {"→": "->", "⇒": "=>", "_": " ", "*": "", "`": "", "~": ""}
)  # fmt: skip
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Mn", "Me"}
LOOKALIKES = str.maketrans(
    "аеорсухіѕјԁһӏкмтвнԛԝαοερικτυχηβγωνμıɡօսհ",
    "aeopcyxisjdhlkmtbhqwaoepiktuxnbywvmigouh",
)


def is_addressed_to_a_model(text: str) -> bool:
    """Whether an article gives orders to a machine that reads it, in plain words or hidden ones.

    It looks for wordings, in English and some for German, French, Spanish, Italian, Russian and Chinese: others pass.
    """
    return _holds_code(text) or any(_gives_orders(reading) for reading in _readings(text))


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as it can be read in other ways."""
    plain = _plain(text)
    yield plain
    for other in (plain[::-1], codecs.encode(plain, "rot13")):
        if any(word in other for word in COMMON):
            yield other
    if not plain.isascii():
        yield plain.translate(LOOKALIKES)
    if not text.isascii():
        yield _plain("".join(_smuggled(text)))


def _plain(text: str) -> str:
    """What can be seen of it, in small letters without accents, in lines with single blanks."""
    seen = "\n".join(" ".join(line.split()) for line in _bare(text).casefold().translate(PLAIN).splitlines())
    return SPELLED_OUT.sub(lambda found: re.sub(r"\W", "", found.group()), seen)


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if c.isspace() or unicodedata.category(c) not in UNSEEN)


def _smuggled(text: str) -> Iterator[str]:
    """The characters that tags and variation selectors stand for: neither is ever seen."""
    for code in map(ord, text):
        if 0xE0020 <= code < 0xE007F:
            yield chr(code - 0xE0000)
        elif 0xE0100 <= code < 0xE01F0:
            yield chr(code - 0xE0100 + 16)


def _holds_code(text: str) -> bool:
    """Whether a long run of Base64 is text; pictures are not."""
    for found in BASE64.finditer(text):
        run = found.group()
        decoded = b64decode(run[: len(run) // 4 * 4])
        if sum(32 <= byte < 127 or byte in b"\n\t" for byte in decoded) >= LEGIBLE * len(decoded):
            return True
    return False


def _gives_orders(plain: str) -> bool:
    turns = {found[1] for found in TURN.finditer(plain)}
    return bool(turns & ASKING and turns & ANSWERING) or any(pattern.search(plain) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Few large ones, which are several times as fast as many small ones."""
    tables = ((START, ORDERS), (r"\b", PHRASES), ("", FORMS))
    sources = (f"{start}(?:{'|'.join(table)})" for start, table in tables)
    return tuple(re.compile(_bare(source).replace(" ", BLANK), re.M) for source in sources)
