"""Whether two short answers say the same."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.agreement import Relation, Value, relation

SAME, DIFFERENT, UNCLEAR = Relation.SAME, Relation.DIFFERENT, Relation.UNCLEAR
HEDGES = ["", "almost", "about", "at least", "more than", "the", "Mr", "in the"]
WORDS = ["24,000", "24", "thousand", "twenty-four", "3", "May", "June", "2024", "Jürgen", "Stock", "flights", "some"]
Answer = st.one_of(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.text(max_size=12))


def related(one: str, other: str) -> Relation:
    return relation(Value.of(one), Value.of(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("almost 24,000", "24,000 flights", SAME),
        ("24 thousand", "some twenty-four thousand flights", SAME),
        ("two dozen", "24", SAME),
        ("340 people", "360 people", DIFFERENT),
        ("8 to 10", "8", SAME),
        ("8 to 10", "9", DIFFERENT),
        ("340 and 3", "340 and 5", UNCLEAR),
        ("2.5 million", "2.5 billion", DIFFERENT),
        ("two weeks", "14 days", UNCLEAR),
        ("two weeks", "three weeks", DIFFERENT),
    ],
)
def test_numbers_are_compared_by_value(one: str, other: str, expected: Relation) -> None:
    assert related(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("3 May", "May 3", SAME),
        ("3 May", "3 June", DIFFERENT),
        ("3 May", "4 May", DIFFERENT),
        ("3 Jun", "3 May", DIFFERENT),
        ("12 November", "12 November 2024", SAME),
        ("12 November", "November 2024", UNCLEAR),
        ("12 Sept 2024", "12 September", SAME),
        ("12 Nov", "November 12", SAME),
        ("12 November 2024", "13 November 2024", DIFFERENT),
        ("12 November 2023", "12 November 2024", DIFFERENT),
        ("12 people", "12 November", UNCLEAR),
        ("2024", "November 2024", UNCLEAR),
        ("in May 2024", "in June 2024", DIFFERENT),
        ("in 2023", "2024", DIFFERENT),
        ("May", "June", DIFFERENT),
        ("on Tuesday", "Tuesday", SAME),
        ("on Tuesday", "on Wednesday", DIFFERENT),
        ("on Tuesday", "3 May", UNCLEAR),
    ],
)
def test_dates_are_compared_by_month_and_by_number(one: str, other: str, expected: Relation) -> None:
    assert related(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Stock", "Jürgen Stock", SAME),
        ("Mr Stock", "STOCK", SAME),
        ("Ilsa Verne’s", "Ilsa Verne", SAME),
        ("in Elsin", "Elsin", SAME),
        ("Jürgen Stock", "Anna Berg", DIFFERENT),
        ("Jürgen Stock", "Anna Stock", UNCLEAR),
        ("yes", "no", DIFFERENT),
    ],
)
def test_names_are_compared_by_the_words_that_carry_them(one: str, other: str, expected: Relation) -> None:
    assert related(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other"), [("", ""), ("", "24"), ("the", "Stock"), ("about", "at least"), ("…", "3"), ("Stock", "24,000")]
)
def test_what_says_nothing_or_another_kind_of_thing_is_unclear(one: str, other: str) -> None:
    assert related(one, other) is UNCLEAR


@given(Answer, Answer)
def test_the_order_of_two_answers_does_not_matter(one: str, other: str) -> None:
    assert related(one, other) is related(other, one)


@given(Answer)
def test_an_answer_that_says_something_says_the_same_as_itself(answer: str) -> None:
    assume(any(Value.of(answer)))
    assert related(answer, answer) is related(answer, f"« {answer} »") is SAME


@given(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.sampled_from(HEDGES))
def test_a_hedge_does_not_change_what_is_said(answer: str, hedge: str) -> None:
    assert Value.of(f"{hedge} {answer}") == Value.of(answer)
