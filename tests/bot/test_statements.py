"""Which statements a chat message makes, whatever it is dressed in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statements import FEWEST_WORDS, MOST_CHARACTERS, MOST_CLAIMS, claims

FLOOD = "The flood displaced 1,320 people."


@pytest.mark.parametrize(
    "message",
    [
        "",
        " \n\n ",
        "😂😂😂",
        "https://example.com/news/flood-displaces-1320-people",
        "<https://example.com> <@123456789> <#42> @everyone",
        "What do you think?",
        "Who won the final in Thornbury",
        "Did the flood displace 1,320 people?",
        'He asked: "Did the flood displace 1,320 people?"',
        "Good morning everybody, how nice!",
        "Thanks a lot for all the fish!",
        "lol this is so funny",
        "I really like the new bridge.",
        "Wow, nice.",
        "1,320 > 1,150",
        "```\nThe flood displaced 1,320 people.\n```",
        "```\nThe flood displaced 1,320 people.",
        "~~The flood displaced 1,320 people.~~",
        "<:flood_people_displaced:123456789012345678> :flood:",
    ],
)
def test_what_states_nothing_is_left_out(message: str) -> None:
    assert claims(message) == []


@pytest.mark.parametrize(
    "message",
    [
        FLOOD,
        f"  {FLOOD}  ",
        f"**{FLOOD}**",
        "**The** _flood_ __displaced__ ***1,320*** `people`.",
        "The ||flood|| displaced 1,320 people.",
        f"> {FLOOD}",
        f">>> - {FLOOD}",
        f"## {FLOOD}",
        f"-# {FLOOD}",
        f"1. {FLOOD}",
        "The [flood](https://evil.example/x_(y)) displaced 1,320 people.",
        "The <:sad:1> flood 😢 displaced <@!42> 1,320 people.",
        f"{FLOOD} https://example.com/a",
        f"See www.example.com. {FLOOD}",
        "The fl\u200bood displaced 1,320\ufe0f people.",
        "Hey everyone, the flood displaced 1,320 people.",
        "BREAKING: the flood displaced 1,320 people.",
        "I heard that the flood displaced 1,320 people.",
        "Is that so? Yes, the flood displaced 1,320 people.",
        r"The flood displaced 1,320 people\.",
    ],
)
def test_what_decorates_a_statement_is_taken_off(message: str) -> None:
    assert claims(message) == [FLOOD]


def test_each_line_and_each_sentence_is_a_statement_of_its_own_and_counts_once() -> None:
    assert claims(f"- The bridge is open\n- {FLOOD} Nobody was hurt there.\n{FLOOD}") == [
        "The bridge is open",
        FLOOD,
        "Nobody was hurt there.",
    ]


def test_only_the_first_statements_of_a_long_message_are_taken() -> None:
    message = "\n".join(f"Town number {n} has opened a bridge." for n in range(200))
    assert claims(message) == [f"Town number {n} has opened a bridge." for n in range(MOST_CLAIMS)]


def test_names_with_signs_in_them_stay_as_they_are() -> None:
    assert claims("The snake_case at 10:30 cost £5 in R&D, said O'Neill.") == [
        "The snake_case at 10:30 cost £5 in R&D, said O'Neill."
    ]


def test_a_moment_that_discord_shows_by_the_readers_clock_becomes_its_day() -> None:
    assert claims("The bridge reopened on <t:1731492000:D>.") == ["The bridge reopened on 13 November 2024."]


def test_a_statement_that_begins_like_a_question_is_one_if_something_follows() -> None:
    assert claims("When the river fell, the town counted 1,320 people.") == [
        "When the river fell, the town counted 1,320 people."
    ]


@given(st.text(max_size=300) | st.text(alphabet="*_`~|<>@[]()# \n.:/ab1\\😀", max_size=300))
def test_whatever_is_written_makes_few_plain_lines(message: str) -> None:
    found = claims(message)
    assert len(found) <= MOST_CLAIMS
    assert len(set(found)) == len(found)
    for claim in found:
        assert "\n" not in claim
        assert claim == claim.strip()
        assert len(claim.split()) >= FEWEST_WORDS or len(claim) > FEWEST_WORDS


@pytest.mark.parametrize("unit", ["[", "](", "[a](", "<@", "`", "||", "~~", "**", "@everyone ", "a.", "> ", "("])
def test_a_message_of_nothing_but_signs_takes_no_time(unit: str) -> None:
    assert len(claims(unit * MOST_CHARACTERS)) <= MOST_CLAIMS
