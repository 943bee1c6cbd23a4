"""What a number counts, told by the words and signs beside it: per cent, percentage points, money of some currency."""

from __future__ import annotations

import re

NUMBER, PERCENT, POINTS = "number", "per cent", "percentage points"

# Every currency: its signs, before or behind a number, and its names. A name that is not here, as "norwegian crown",
# is a kind of its own, so nothing else supports it.
CURRENCIES = {
    "USD": ("$ us$ usd", "dollar, us dollar, american dollar"),
    "GBP": ("£ gbp", "pound, british pound, pound sterling"),
    "EUR": ("€ eur", "euro"),
    "JPY": ("¥ jpy", "yen, japanese yen"),
    "CNY": ("cny rmb", "yuan, chinese yuan, renminbi"),
    "INR": ("₹ inr rs", "rupee, indian rupee"),
    "CHF": ("chf", "swiss franc"),
    "CAD": ("c$ ca$ cad", "canadian dollar"),
    "AUD": ("a$ au$ aud", "australian dollar"),
    "HKD": ("hk$ hkd", "hong kong dollar"),
    "RUB": ("₽ rub", "rouble, ruble, russian rouble, russian ruble"),
    "TRY": ("₺", "lira, turkish lira"),
    "SEK": ("sek", "swedish crown, swedish krona, swedish kronor, krona, kronor"),
    "NOK": ("nok", "norwegian crown, norwegian kroner"),
    "DKK": ("dkk", "danish crown, danish kroner"),
    "CZK": ("czk", "czech crown, koruna"),
    "PLN": ("pln", "zloty, polish zloty"),
    "UAH": ("₴ uah", "hryvnia, ukrainian hryvnia"),
}
OTHERS = """
crown franc kroner peso rand shekel forint dirham riyal rial dinar naira shilling baht cent pence penny
"""
COUNTRIES = """
american argentine australian belarusian british canadian chilean chinese colombian cuban czech danish egyptian
icelandic indian iranian iraqi israeli jamaican japanese jordanian kenyan kuwaiti lebanese mexican nepalese norwegian
pakistani philippine polish russian saudi swedish swiss syrian taiwan taiwanese tanzanian turkish ugandan ukrainian
"""
OF_SIGN = {sign: code for code, (signs, _) in CURRENCIES.items() for sign in signs.split()}
OF_NAME = {name: code for code, (_, names) in CURRENCIES.items() for name in names.split(", ")}

SPACE = "[ \u00a0\u202f\u2009]"  # a thin or no-break one too
CODES = "|".join(sign for sign in OF_SIGN if len(sign) == 3 and sign.isalpha())
_SIGNS = "".join(sign for sign in OF_SIGN if len(sign) == 1)
_NAMES = "|".join(sorted({name.split()[-1] for name in OF_NAME} - {"sterling"} | set(OTHERS.split())))
_COUNTRY = rf"(?:u\.?s\.?|{'|'.join(COUNTRIES.split())}|hong kong|new zealand|singapore|south african|sri lankan)"

_BEFORE = re.compile(rf"(?<![^\W_])(?P<sign>[a-z]{{0,3}}\$|[{_SIGNS}]|{CODES}|rs(?=\.?{SPACE}))\.?{SPACE}?$")
_AFTER = re.compile(
    rf"(?P<points>(?:{SPACE}?%|[ \u00a0-]per[ -]?cent(?:age)?|[ \u00a0-]percentage)[ -]?points?\b)"
    rf"|(?P<percent>{SPACE}?%|[ \u00a0-]?(?:per[ -]?cent|pct|pc)\b)"
    rf"|{SPACE}?(?P<sign>[{_SIGNS}](?!{SPACE}?[-−–.]?\d)|\b(?:{CODES})\b)"
    rf"|[ \u00a0-](?P<name>(?:{_COUNTRY}[ -])?(?:{_NAMES})s?\b(?: sterling\b)?)"
)


def before(text: str, end: int) -> tuple[str, int]:
    """The currency whose sign ends there, in a lower-case text, and where it begins; or NUMBER and the same place."""
    found = _BEFORE.search(text[max(0, end - 7) : end])
    if not found:
        return NUMBER, end
    sign = found["sign"]
    return OF_SIGN.get(sign, sign), end - len(found.group())


def after(text: str, start: int) -> tuple[str, int]:
    """What the words that begin there, in a lower-case text, say is counted, and where they end; or NUMBER."""
    found = _AFTER.match(text, start)
    if not found:
        return NUMBER, start
    if found["points"] or found["percent"]:
        return POINTS if found["points"] else PERCENT, found.end()
    if found["sign"]:
        return OF_SIGN[found["sign"]], found.end()
    name = found["name"].replace(".", "").replace("-", " ")
    singular = re.sub(r"s(?= sterling$|$)", "", name)
    return OF_NAME.get(singular) or OF_NAME.get(name, singular), found.end()
