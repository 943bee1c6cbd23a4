"""Where quoted words stand: found whatever their typography, and not found with any other change."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.locate import locate

ARTICLE = (
    "Almost 24,000 flights were supervised\nat key border points, said Jürgen Stock.  “We won’t\u00a0stop – ever,” he "
    "added… The ‘Eel’ bridge costs 4.2 million crowns, the Chief Engineer said; it is 12½ metres high.\n\nOnly 5 per "
    "cent of the army’s well-known ex-officers agreed, or 2,517 people. Dr. No’s plan—if any—failed in the U.S."
)


def found(words: str, text: str = ARTICLE, near: tuple[int, int] | None = None) -> str | None:
    span = locate(words, text, near)
    return text[slice(*span)] if span else None


FOUND = {
    # word for word
    "24,000 flights": "24,000 flights",
    "Jürgen Stock": "Jürgen Stock",
    "said Jürgen Stock.": "said Jürgen Stock.",
    "(if": None,
    # white space
    "flights were supervised at key border points": "flights were supervised\nat key border points",
    "  were \t supervised  ": "were supervised",
    "Stock. “We won’t stop": "Stock.  “We won’t\u00a0stop",
    "4.2 million crowns": "4.2 million crowns",
    "high. Only 5 per cent of": "high.\n\nOnly 5 per cent of",
    # quotation marks and apostrophes
    "We won't stop": "We won’t\u00a0stop",
    'Stock. "We won`t stop': "Stock.  “We won’t\u00a0stop",
    "ever,'' he added": None,
    'ever," he added': "ever,” he added",
    'The "Eel" bridge': "The ‘Eel’ bridge",
    "«The 'Eel' bridge»": "The ‘Eel’ bridge",
    "Dr. No's plan": "Dr. No’s plan",
    # dashes
    "stop - ever": "stop – ever",
    "stop — ever": "stop – ever",
    "plan-if any-failed": "plan—if any—failed",
    "well‑known ex‐officers": "well-known ex-officers",
    "stop-ever": None,
    # the first letter's case, and no other's
    "The chief engineer said": None,
    "the Chief Engineer said": "the Chief Engineer said",
    "Chief Engineer said": "Chief Engineer said",
    "chief Engineer said": "Chief Engineer said",
    "Flights were supervised": "flights were supervised",
    "flights Were supervised": None,
    "FLIGHTS were supervised": None,
    # an ellipsis around it
    "…flights were supervised…": "flights were supervised",
    "... flights were supervised ...": "flights were supervised",
    "“…flights were supervised…”": "flights were supervised",
    "he added…": "he added…",
    "he added...": "he added",
    "Almost … supervised": None,
    "Almost ... supervised": None,
    "Almost […] supervised": None,
    # marks and stops that are set around it, or stand in the text
    '"flights were supervised"': "flights were supervised",
    "flights were supervised.": "flights were supervised",
    "flights were supervised,": "flights were supervised",
    '"flights were supervised."': "flights were supervised",
    '"flights were supervised".': "flights were supervised",
    "at key border points,": "at key border points,",
    "at key border points.": "at key border points",
    "in the U.S.": "in the U.S.",
    "in the U.S": "in the U.S",
    '"We won\'t stop - ever," he': "“We won’t\u00a0stop – ever,” he",
    "'Eel'": "‘Eel’",
    "flights were supervised!": None,
    "flights were supervised;": None,
    # invisible characters
    "fli\u200bghts w\u00adere \u200e super\ufeffvised": "flights were supervised",
    "\u200b\u2060": None,
    # composed or not
    "Ju\u0308rgen Stock": "Jürgen Stock",
    # any other change
    "24,001 flights": None,
    "24.000 flights": None,
    "24 000 flights": None,
    "24000 flights": None,
    "flight were supervised": None,
    "flights supervised": None,
    "flights were were supervised": None,
    "supervised were flights": None,
    "Jurgen Stock": None,
    "Jürgen Stick": None,
    "points said Jürgen": None,
    "4.2 millions": None,
    # inside a word
    "arm": None,
    "army": None,
    "the army": None,
    "the army's": "the army’s",
    "lights were": None,
    "flights wer": None,
    "We won": None,
    "won't": "won’t",
    "known": None,
    "well": None,
    "officers agreed": None,
    "ex-officers agreed": "ex-officers agreed",
    "if any": "if any",
    # inside a number
    "4,000 flights": None,
    "000 flights": None,
    "Almost 24": None,
    "costs 4": None,
    "2 million crowns": None,
    "517 people": None,
    "high.\n\nOnly": "high.\n\nOnly",
    "12 metres": None,
    "is 12": "is 12½",
    # too little
    "": None,
    " ": None,
    "“…”": None,
    "—.!": None,
    "5": None,
    "a.": None,
}


@pytest.mark.parametrize(("words", "expected"), FOUND.items())
def test_words_are_found_whatever_their_typography_and_with_no_other_change(words: str, expected: str | None) -> None:
    assert found(words) == expected


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("rose by 24", "It rose by 24 million today", "rose by 24 million"),
        ("rose by 24", "It rose by 24\nmillion today", "rose by 24\nmillion"),
        ("rose by 24", "It rose by 24 million euros today", "rose by 24 million euros"),
        ("rose by 5", "It rose by 5 per cent", "rose by 5 per cent"),
        ("rose by 5", "It rose by 5%", "rose by 5%"),
        ("rose by 5.", "It rose by 5%.", "rose by 5%."),
        ("million today", "It rose by 24 million today", "24 million today"),
        ("per cent of all", "just 5 per cent of all", "5 per cent of all"),
        ("5 million fine", "a $5 million fine", "$5 million fine"),
        ("5 million fine", "a US$5 million fine", "US$5 million fine"),
        ("2.5 fine", "a £2.5bn fine", None),
        ("a fine of 2.5", "a fine of 2.5bn", "a fine of 2.5bn"),
        ("2.5bn fine", "a £2.5bn fine", "£2.5bn fine"),
        ("$5 of it", "a fine, -$5 of it", "-$5 of it"),
        ("5 degrees", "It was -5 degrees", "-5 degrees"),
        ("5 degrees", "It was −5 degrees", "−5 degrees"),
        ("5 degrees", "It was minus 5 degrees", "minus 5 degrees"),
        ("5 degrees", "It was said—5 degrees", "5 degrees"),
        ("four flights", "twenty-four flights", "twenty-four flights"),
        ("hundred flights", "two hundred flights", "two hundred flights"),
        ("million flights", "half a million flights", "half a million flights"),
        ("thousands of flights", "tens of thousands of flights", "tens of thousands of flights"),
        ("12 ships", "some 10–12 ships", "10–12 ships"),
        ("to 2024", "up to 2024-11-12 and", "to 2024-11-12"),
        ("000 flights", "24 000 flights", None),
        ("almost 24", "almost 24 000 flights", None),
        ("000 flights", "24’000 flights", None),
        ("24 people", "24 people", "24 people"),
        ("24 people", "2.24 people", None),
        ("5 people", ".5 people", None),
        ("at 24", "at 24.5 degrees", None),
        ("at 24", "at 24. It was", "at 24"),
        ("at 12", "at 12:30", None),
        ("30 sharp", "at 12:30 sharp", None),
        ("on 12", "on 12/11/2024", None),
        ("a run of 5", "a run of 5km", None),
        ("on the 21", "on the 21st", "on the 21st"),
        ("in the 1990", "in the 1990s", "in the 1990s"),
        ("has COVID", "has COVID-19", None),
        ("arm is", "the army; the arm is", "arm is"),
        ("arm is", "a snake_arm is", None),
        ("e is", "e\u0301 is", None),
        ("cafe is", "the cafe\u0302\u0323 is", None),
        ("café is", "the cafe\u0301 is", "cafe\u0301 is"),
        ("한국 is", "the \u1112\u1161\u11ab\u1100\u116e\u11a8 is", "\u1112\u1161\u11ab\u1100\u116e\u11a8 is"),
        ("the army", "the ar\u00admy", "the ar\u00admy"),
        ("the arm", "the arm\u00ady", None),
        ("a b", "a\u200b b", "a\u200b b"),
        ("a b", "a \u200b b", "a \u200b b"),
        ("a b", "\u200b\n a  \n\n b\u200b", "a  \n\n b"),
        ("ıt is", "It is", None),
        ("SSt is", "ßt is", None),
        ("over", "over", "over"),
        ("longer than the text", "text", None),
        ("any words", "", None),
    ],
)
def test_no_word_or_number_is_cut(words: str, text: str, expected: str | None) -> None:
    assert found(words, text) == expected


def test_of_several_places_the_first_inside_the_passage_counts_else_the_nearest() -> None:
    text = "the bridge. " * 10
    assert locate("the bridge", text) == (0, 10)
    assert locate("the bridge", text, (0, len(text))) == (0, 10)
    assert locate("the bridge", text, (24, 60)) == (24, 34)
    assert locate("the bridge", text, (25, 60)) == (36, 46)
    assert locate("The bridge", text, (115, 118)) == (108, 118)
    assert locate("the bridge", text + " " * 50, (150, 160)) == (108, 118)
    assert locate("the bridge", " " * 50 + text, (0, 9)) == (50, 60)


def test_a_place_inside_a_word_does_not_hide_the_next() -> None:
    assert locate("a a", "xa a a") == (3, 6)
    assert locate("he", "the she he") == (8, 10)


def test_a_capital_further_on_does_not_come_before_a_small_letter() -> None:
    assert locate("The bridge", "on the bridge. The bridge") == (3, 13)


MARKS = "“”„‟«»\"″‘’‚‛'′`´"
PLAIN = str.maketrans(dict.fromkeys(MARKS, "'") | dict.fromkeys("‐‑‒–—―−", "-"))


def plain(text: str) -> str:
    """In one typography, told in another way than the code does."""
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).translate(PLAIN).split())


def core(words: str) -> str:
    return re.sub(r"^(?:[ '…]|\.\.+)+", "", plain(words)).rstrip(" '….,")


def in_either_case(words: str) -> set[str]:
    """The words, with their first letter as it is, small and capital."""
    at = next((at for at, character in enumerate(words) if character.isalnum()), 0)
    return {words[:at] + letter + words[at + 1 :] for letter in (words[at], words[at].lower(), words[at].upper())}


WORDS = ["flights", "army", "arm", "We", "won’t", "well-known", "“Yes,”", "‘no’", "Jürgen", "ne\u0301e", "ig\u00adnore"]
SIGNS = ["–", "…", "(see", "it)", "over.", "one;", "字", "No!", "or", "of", "...", "“", "a", "Z"]
NUMBERS = ["24,000", "5", "-5", "$5", "2.5bn", "million", "per", "cent", "hundred", "twenty-four", "10–12", "%"]
BLANKS = st.sampled_from([" ", "  ", "\n", "\u00a0", " \n\t", "\u2028", " \u200b "])
TOKENS = st.lists(st.sampled_from(WORDS + SIGNS), min_size=1, max_size=12)
WITH_NUMBERS = st.lists(st.sampled_from(WORDS + SIGNS + NUMBERS * 2), min_size=1, max_size=12)
ANYTHING = st.lists(
    st.sampled_from([*WORDS, *SIGNS, *NUMBERS, *MARKS, " ", "-", ".", ",", "1", "\u0301", "\u200b", "\u1161", "a", "A"])
    | st.text(max_size=2),
    max_size=25,
).map("".join)


def laid(tokens: list[str], data: st.DataObject) -> tuple[str, int, int]:
    """A text of these tokens, and where some of them in a row begin and end."""
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    text, start, end = "", 0, 0
    for number, token in enumerate(tokens):
        text += data.draw(BLANKS) if number else ""
        start = len(text) if number == first else start
        text += token
        end = len(text) if number == last else end
    return text, start, end


def says_something(words: str) -> bool:
    return sum(map(str.isalnum, core(words))) >= 2


@given(TOKENS, st.data())
def test_whole_words_are_found_exactly_where_they_stand(tokens: list[str], data: st.DataObject) -> None:
    text, start, end = laid(tokens, data)
    assume(says_something(text[start:end]))
    assert locate(text[start:end], text, (start, end)) == (start, end)
    assert locate(plain(text[start:end]), text, (start, end)) == (start, end)
    anywhere = locate(text[start:end], text)
    assert anywhere
    assert anywhere[0] <= start
    assert core(text[slice(*anywhere)]).casefold() == core(text[start:end]).casefold()


@given(WITH_NUMBERS, st.data())
def test_what_is_found_is_at_most_more_of_a_number(tokens: list[str], data: st.DataObject) -> None:
    text, start, end = laid(tokens, data)
    assume(says_something(text[start:end]))
    span = locate(text[start:end], text, (start, end))
    assert span
    assert core(text[start:end]) in plain(text[slice(*span)])
    for more in text[span[0] : start], text[end : span[1]]:
        assert not set(more.split()) & set(WORDS)


@given(WITH_NUMBERS, st.data())
def test_one_letter_or_digit_changed_is_found_only_where_it_really_stands(
    tokens: list[str], data: st.DataObject
) -> None:
    text, start, end = laid(tokens, data)
    words = text[start:end]
    places = [at for at, character in enumerate(words) if character.isalnum()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    changed = words[:at] + data.draw(st.sampled_from("aeyzAZ059")) + words[at + 1 :]
    span = locate(changed, text, (start, end))
    assert span is None or any(spelling in plain(text) for spelling in in_either_case(core(changed)))


@given(ANYTHING, ANYTHING, ANYTHING, st.data())
def test_what_is_found_is_in_the_text_and_found_again(
    before: str, words: str, behind: str, data: st.DataObject
) -> None:
    text = before + words + behind
    near = data.draw(st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60)))
    span = locate(words, text, near)
    if span is None:
        return
    assert 0 <= span[0] < span[1] <= len(text)
    assert locate(text[slice(*span)], text, span) == span
    assert sum(map(str.isalnum, text[slice(*span)])) >= 2
