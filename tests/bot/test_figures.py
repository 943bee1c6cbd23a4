"""The numbers in a text, however they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures import amounts, figures

SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SHARDS = ["1", "24", "000", ",", ".", " ", "-", "and ", "hundred ", "Millions", "twenty", "one ", "٣", "²", "€", "x"]


def spelt(number: int) -> str:
    """As a newspaper spells it, below a million."""
    if number < 20:
        return SMALL.split()[number]
    if number < 100:
        return TENS[number // 10] + (f"-{spelt(number % 10)}" if number % 10 else "")
    unit, name, joint = (100, "hundred", " and ") if number < 1_000 else (1_000, "thousand", " ")
    more, rest = divmod(number, unit)
    return f"{spelt(more)} {name}" + (f"{joint}{spelt(rest)}" if rest else "")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("almost 24,000 flights", {24_000}),
        ("24 000", {24_000}),
        ("24\u00a0000", {24_000}),
        ("24\u202f000", {24_000}),
        ("24.000", {24_000}),
        ("24 thousand", {24_000}),
        ("twenty-four thousand", {24_000}),
        ("Twenty Four Thousand", {24_000}),
        ("1.2 million", {1_200_000}),
        ("1,200,000", {1_200_000}),
        ("2,5 million", {2_500_000}),
        ("a 5-million deal", {5_000_000}),
        ("3.2 billions", {3_200_000_000}),
        ("8.4", {8.4}),
        ("8,4", {8.4}),
        ("1,000.50", {1_000.5}),
        ("3,222", {3_222}),
        ("two hundred and fifty", {250}),
        ("eighteen hundred", {1_800}),
        ("one million two hundred thousand and five", {1_200_005}),
        ("a hundred thousand", {100_000}),
        ("a dozen", {12}),
        ("three dozen", {36}),
        ("a six-month, 24-hour watch", {6, 24}),
        ("between 1999 and 2024", {1999, 2024}),
        ("10–12 ships", {10, 12}),
        ("five or six", {5, 6}),
        ("It was 12:30.", {12, 30}),
        ("It cost £5.", {5}),
        ("5%", {5}),
        ("007", {7}),
        ("zero", {0}),
        ("the 3rd man", {3}),
        ("£2.5bn", {2.5e9}),
        ("2.5 bn", {2.5e9}),
        ("$5m", {5e6}),
        ("$ 5M", {5e6}),
        ("£50k", {50_000}),
        ("5m euros", {5e6}),
        ("a 5m pool, a 10k race", {5, 10}),
        ("$20-30m", {20e6, 30e6}),
        ("between two and three million", {2e6, 3e6}),
        ("20 and 30 million", {20, 30e6}),
        ("20 or 30 million", {20e6, 30e6}),
        ("from 200 to 2 million", {200, 2e6}),
        ("two to three hundred thousand", {200_000, 300_000}),
        ("from 2019 to 30,000", {2019, 30_000}),
        ("half a million", {500_000}),
        ("three-quarters of a million", {750_000}),
        ("half a dozen", {6}),
        ("two and a half million", {2_500_000}),
        ("a million and a half", {1_500_000}),
        ("seven and three quarters", {7.75}),
        ("2½ million", {2_500_000}),
        ("½", {0.5}),
        ("24'000", {24_000}),
        ("1 000,50", {1_000.5}),
        ("it rose .5 to 1", {0.5, 1}),
        ("the end...5 came", {5}),
        ("two thousand million", {2e9}),
        ("3 crore, 2 lakh", {30_000_000, 200_000}),
        ("one million and one dozen", {1_000_012}),
        ("-5 or minus six", {5, 6}),
        ("no one but one", {1}),
        ("no two", {2}),
        ("in the 1990s", {1990}),
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str, numbers: set[float]) -> None:
    assert figures(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("In 2024, 300 people moved.", {2024, 300}),
        ("Of the 500, 300 were released.", {500, 300}),
        ("It was on 5 May 2024. 300 people came.", {5, 2024, 300}),
        ("In 2024 300 people moved.", {2024, 300}),
    ],
)
def test_two_numbers_side_by_side_are_not_one(text: str, numbers: set[float]) -> None:
    assert figures(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tens of thousands came.",
        "Nobody was hurt.",
        "Someone often sent the tone.",
        "the first and the third man",
        "the twenty-first century",
        "the two hundredth and the two hundred and first",
        "no one",
        "no-one",
        "two thirds, a third of them, one-quarter, half",
        "twice, doubled",
        "several million, a few hundred, multi-million",
        "the G20",
    ],
)
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert figures(text) == set()


@pytest.mark.parametrize(
    "text", ["hundreds of people", "Thousands came.", "dozens", "hundreds of thousands", "millions"]
)
def test_many_of_them_are_no_number_in_particular(text: str) -> None:
    assert figures(text) == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5%", {("per cent", 5)}),
        ("5 percentage points", {("percentage points", 5)}),
        ("£5", {("GBP", 5)}),
        ("5 pounds sterling", {("GBP", 5)}),
        ("Rs 500, Rs. 500", {("INR", 500)}),
        ("C$5", {("CAD", 5)}),
        ("Z$5", {("z$", 5)}),
        ("5 Canadian dollars", {("CAD", 5)}),
        ("5 U.S. dollars, 5 American dollars", {("USD", 5)}),
        ("5 crowns", {("crown", 5)}),
        ("5 Icelandic crowns", {("icelandic crown", 5)}),
        ("5 €", {("EUR", 5)}),
        ("5 $10 notes", {("number", 5), ("USD", 10)}),
        ("5m", {("m", 5)}),
        ("the first", {("ordinal", 1)}),
        ("two hundred and first", {("ordinal", 201)}),
        ("the 1990s", {("decade", 1990)}),
        ("−£5, £-5, minus five pounds", {("GBP", -5)}),
        ("10-15", {("number", 10), ("number", 15), ("score", (10, 15))}),
        ("20 to 30%", {("per cent", 20), ("per cent", 30), ("range", (20, 30))}),
        ("he gave $5 to 30 people", {("USD", 5), ("number", 30), ("range", (5, 30))}),
        ("from $5 to 30", {("USD", 5), ("USD", 30), ("range", (5, 30))}),
        ("5m-10m", {("m", 5), ("m", 10), ("score", (5, 10))}),
        ("$5m-10m", {("USD", 5e6), ("USD", 10e6), ("score", (5e6, 10e6))}),
        ("two thirds", {("fraction", Fraction(2, 3))}),
        ("tens of thousands", {("vague", "tens of thousands")}),
        ("3.5.7", {("literal", "3.5.7")}),
        ("a 30-second delay", {("number", 30)}),
    ],
)
def test_a_number_tells_what_it_counts(text: str, told: set[tuple[str, object]]) -> None:
    assert {(one.kind, one.value) for one in amounts(text)} == told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("İt is US$2.5bn now", ["US$2.5bn"]),
        ("a loss of -£5 million a year", ["-£5 million"]),
        ("about two and a half per cent more", ["two and a half per cent"]),
        ("some 24-million-dollar deal", ["24-million-dollar"]),
    ],
)
def test_a_number_is_told_where_it_stands_with_its_unit(text: str, words: list[str]) -> None:
    assert [text[one.start : one.end] for one in amounts(text)] == words


@pytest.mark.parametrize("text", ["on 12.11.2024", "version 3.5.7", "1.2.3.4", "12,11,2024"])
def test_what_has_two_separators_but_no_thousands_is_no_number(text: str) -> None:
    assert figures(text) == set()


@pytest.mark.parametrize("count", [1, 2, 500])
def test_no_break_and_other_spaces_part_thousands_only_behind_one_to_three_digits(count: int) -> None:
    assert figures(f"{count} 300 people") == {count * 1_000 + 300}
    assert figures(f"{count + 1_500} 300 people") == {count + 1_500, 300}


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " "]))
def test_a_whole_number_with_its_thousands_apart_is_itself(number: int, separator: str) -> None:
    assert figures(f"about {number:,} of them".replace(",", separator)) == {number}


@given(st.integers(0, 10**6), st.sampled_from(["{}.{:02}", "{},{:02}"]))
def test_a_price_with_its_cents_is_itself(cents: int, written: str) -> None:
    assert figures(written.format(*divmod(cents, 100))) == {cents / 100}


@given(st.integers(0, 999_999))
def test_a_number_in_words_is_itself(number: int) -> None:
    assert figures(spelt(number)) == figures(f"They saw {spelt(number).upper()} ships") == {number}


@given(st.integers(1, 999), st.sampled_from([("thousand", 10**3), ("million", 10**6), ("billion", 10**9)]))
def test_a_multiple_may_follow_digits_or_words(number: int, multiple: tuple[str, int]) -> None:
    word, factor = multiple
    assert figures(f"{number} {word}") == figures(f"{spelt(number)} {word}") == {number * factor}


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SHARDS), max_size=30).map("".join)))
def test_any_text_can_be_read(text: str) -> None:
    assert all(number >= 0 for number in figures(text))


# A pattern that tries each way to divide these would not come back.
@pytest.mark.parametrize(
    "shard",
    [
        "1, ",
        "1 ",
        "1 000 ",
        "9",
        "1.1, ",
        "one ",
        "one-",
        "one and ",
        "1 million ",
        "hundred ",
        "dozen-",
        "£5-",
        "-5",
        "two and a half ",
    ],
)
def test_a_hostile_text_of_numbers_is_read_in_one_go(shard: str) -> None:
    assert figures((shard * 5_000)[:5_000])


@pytest.mark.parametrize("shard", ["and ", "-", " ", ",", "hundredone", "1,", "1.1,"])
def test_a_hostile_text_without_numbers_is_read_in_one_go(shard: str) -> None:
    assert figures((shard * 5_000)[:5_000]) == set()
