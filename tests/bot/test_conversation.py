"""What a follow-up question is read as, and which questions are left alone."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Turn, standalone
from bot.records import MAX_QUESTION_CHARACTERS, Window

FLIGHTS = "how many flights were screened in Operation Liberterra?"
MAYOR = "who is the mayor of Thornbury?"
ELECTED = "who was elected mayor of Thornbury?"
FLOOD = "how many people were displaced by the Ardle flood?"
BRIDGE = "when was Calder Bridge repaired?"
WOLVES = "how many wolves were counted?"
POLICE = "who is the Secretary General of Interpol?"
CHESS = "who won the chess final?"
STRIKE = "when did the strike end?"
ARREST = "why did the police arrest Tom Hale?"
FARE = "did the council raise the fare?"
TALKS = "what did the mayor say about the strike?"

LEFT_OUT = [
    (FLIGHTS, "how many were arrested?", "how many were arrested in Operation Liberterra?"),
    (FLIGHTS, "And how many were arrested?", "How many were arrested in Operation Liberterra?"),
    (FLIGHTS, "so what happened?", "what happened in Operation Liberterra?"),
    (FLIGHTS, "but was anyone hurt?", "was anyone hurt in Operation Liberterra?"),
    (FLIGHTS, "and were there any arrests?", "were there any arrests in Operation Liberterra?"),
    (FLOOD, "how many were killed?", "how many were killed by the Ardle flood?"),
    (FLOOD, "how many died?", "how many died in the Ardle flood?"),
    (FLOOD, "and how many houses were destroyed?", "how many houses were destroyed by the Ardle flood?"),
    (STRIKE, "how many took part?", "how many took part in the strike?"),
    (TALKS, "how many took part?", "how many took part in the strike?"),
    (BRIDGE, "how many were hurt?", "how many were hurt — about Calder Bridge?"),
    (WOLVES, "how many died?", "how many died — about the wolves?"),
    (MAYOR, "and who is the treasurer?", "who is the treasurer — about Thornbury?"),
    ("how many people live in Thornbury?", "and who is the mayor?", "who is the mayor in Thornbury?"),
    ("What's the latest on the Ardle flood?", "how many died?", "how many died in the Ardle flood?"),
]
ASKED_AGAIN = [
    (FLIGHTS, "by whom?", "by whom were flights screened in Operation Liberterra?"),
    (FLIGHTS, "why is that?", "why were flights screened in Operation Liberterra?"),
    (FLOOD, "Where?", "Where were people displaced by the Ardle flood?"),
    (FLOOD, "and when?", "when were people displaced by the Ardle flood?"),
    (FLOOD, "where exactly?", "where were people displaced by the Ardle flood?"),
    (FLOOD, "who?", "who was displaced by the Ardle flood?"),
    ("who was arrested in Eastgate?", "how many?", "how many were arrested in Eastgate?"),
    (ELECTED, "when?", "when was someone elected mayor of Thornbury?"),
    (MAYOR, "since when?", "since when is someone the mayor of Thornbury?"),
    (MAYOR, "where?", "where is the mayor of Thornbury?"),
    ("what was the verdict?", "when?", "when was the verdict?"),
    (BRIDGE, "where?", "where was Calder Bridge repaired?"),
    (BRIDGE, "how much?", "how much — about Calder Bridge?"),
    (CHESS, "when?", "when was it that someone won the chess final?"),
    ("how many people died in the flood?", "where?", "where was it that people died in the flood?"),
    (FARE, "by how much?", "by how much did the council raise the fare?"),
    (
        "how many people did the flood displace in Elsin?",
        "when?",
        "when did the flood displace people in Elsin?",
    ),
    ("wolves in Ardle", "since when?", "since when — about wolves in Ardle?"),
]
INSTEAD = [
    (WOLVES, "what about bears?", "how many bears were counted?"),
    (WOLVES, "and brown bears?", "how many brown bears were counted?"),
    (WOLVES, "how about in Eastgate?", "how many wolves were counted in Eastgate?"),
    (WOLVES, "what about Reuters?", "how many wolves were counted — about Reuters?"),
    (WOLVES, "and in Eastgate last year?", "how many wolves were counted in Eastgate last year?"),
    (MAYOR, "and Eastgate?", "who is the mayor of Eastgate?"),
    (MAYOR, "and what about Łódź?", "who is the mayor of Łódź?"),
    (MAYOR, "and the treasurer?", "who is the treasurer of Thornbury?"),
    ("who is the mayor of thornbury?", "and eastgate?", "who is the mayor of eastgate?"),
    (POLICE, "and Europol?", "who is the Secretary General of Europol?"),
    (CHESS, "and the tennis final?", "who won the tennis final?"),
    (FLOOD, "and Elsin?", "how many people were displaced by the Elsin flood?"),
    (FLOOD, "what about the Elsin flood?", "how many people were displaced by the Elsin flood?"),
    (FLOOD, "what about in Eastgate?", "how many people were displaced by the Ardle flood in Eastgate?"),
    ("how many live in the Philippines?", "and Japan?", "how many live in Japan?"),
    ("is the Calder Bridge open?", "and the Elsin Bridge?", "is the Elsin Bridge open?"),
    (STRIKE, "and the lockout?", "when did the lockout end?"),
    (BRIDGE, "what about the cost?", "what about the cost of Calder Bridge?"),
    ("who won the 2023 chess final?", "and 2022?", "who won the 2022 chess final?"),
]
PRONOUNS = [
    (POLICE, "when was he born?", "when was the Secretary General of Interpol born?"),
    (POLICE, "did the council thank him?", "did the council thank the Secretary General of Interpol?"),
    (BRIDGE, "what did it cost?", "what did Calder Bridge cost?"),
    (BRIDGE, "who paid for it?", "who paid for Calder Bridge?"),
    (BRIDGE, "what caused that?", "what caused Calder Bridge?"),
    (MAYOR, "how many people live there?", "how many people live in Thornbury?"),
    (MAYOR, "how big is it?", "how big is Thornbury?"),
    (MAYOR, "what is her party?", "what is the mayor of Thornbury’s party?"),
    (ELECTED, "how old is she?", "how old is the person who was elected mayor of Thornbury?"),
    (CHESS, "when was it?", "when was the chess final?"),
    (STRIKE, "how many people did it affect?", "how many people did the strike affect?"),
    (TALKS, "when did it start?", "when did the strike start?"),
    (ARREST, "is he free?", "is Tom Hale free?"),
    (ARREST, "did they find anything?", "did the police find anything?"),
    (FLIGHTS, "what did Interpol say about it?", "what did Interpol say about Operation Liberterra?"),
    (FLIGHTS, "where did they land?", "where did the flights that were screened in Operation Liberterra land?"),
    (FLIGHTS, "why were they screened?", "why were the flights screened in Operation Liberterra?"),
    (FLOOD, "how many of them are back?", "how many of the people that were displaced by the Ardle flood are back?"),
    ("who was arrested in Eastgate?", "where are they now?", "where are those who were arrested in Eastgate now?"),
]
LEFT_ALONE = [
    "who won the chess final?",
    "how many were arrested in the Elsin raid?",
    "how many were killed in the flood?",
    "how much did the bridge cost?",
    "how much did telecom operators charge?",
    "and how many people live in Eastgate?",
    "what is the price of bread?",
    "what time is it?",
    "and what time is it?",
    "is it true that the bridge closed?",
    "what is it like?",
    "is it legal to swim in the Ardle?",
    "how long does it take to repair a bridge?",
    "is there a strike?",
    "how many wolves are there in Ardle?",
    "did the council say that the fare rises?",
    "why was that man arrested?",
    "did the mayor say he would resign?",
    "did Jürgen Stock say who elected him?",
    "who lost his job at the mill?",
    "what city had its first shark attack in decades?",
    "when did they raise the price of oil to eighty dollars a barrel?",
    "what?",
    "and then?",
    "and",
    "thanks",
    "?",
    "",
]


@pytest.mark.parametrize(("last", "question", "read_as"), LEFT_OUT)
def test_a_question_without_a_subject_gets_the_last_ones_scene_or_topic(last: str, question: str, read_as: str) -> None:
    assert standalone(question, [Turn(last)]) == read_as


@pytest.mark.parametrize(("last", "question", "read_as"), ASKED_AGAIN)
def test_bare_asking_words_replace_those_of_the_last_question(last: str, question: str, read_as: str) -> None:
    assert standalone(question, [Turn(last)]) == read_as


@pytest.mark.parametrize(("last", "question", "read_as"), INSTEAD)
def test_what_about_something_else_takes_the_place_of_its_like(last: str, question: str, read_as: str) -> None:
    assert standalone(question, [Turn(last)]) == read_as


@pytest.mark.parametrize(("last", "question", "read_as"), PRONOUNS)
def test_a_pronoun_is_replaced_by_what_the_last_question_was_about(last: str, question: str, read_as: str) -> None:
    assert standalone(question, [Turn(last)]) == read_as


@pytest.mark.parametrize(("last", "question"), list(product([FLIGHTS, MAYOR], LEFT_ALONE)))
def test_a_question_that_stands_for_itself_is_left_alone(last: str, question: str) -> None:
    assert standalone(question, [Turn(last)]) == question


@pytest.mark.parametrize(("last", "question"), [("what happened?", "how many died?"), (FLIGHTS, "how old is she?")])
def test_a_follow_up_on_nothing_that_is_known_is_left_alone(last: str, question: str) -> None:
    assert standalone(question, [Turn(last)]) == question


@pytest.mark.parametrize(
    "talk",
    [
        (
            (CHESS, CHESS),
            ("when?", "when was it that someone won the chess final?"),
            ("how old is she?", "how old is the person who won the chess final?"),
            ("what did she say?", "what did the person who won the chess final say?"),
        ),
        (
            ("Who is the mayor of Thornbury?", "Who is the mayor of Thornbury?"),
            ("And Eastgate?", "Who is the mayor of Eastgate?"),
            ("Since when?", "Since when is someone the mayor of Eastgate?"),
            ("Where was she born?", "Where was the mayor of Eastgate born?"),
            ("When?", "When was the mayor of Eastgate born?"),
        ),
        (
            (FLIGHTS, FLIGHTS),
            ("where?", "where were flights screened in Operation Liberterra?"),
            ("and how many were arrested?", "how many were arrested in Operation Liberterra?"),
            ("by whom?", "by whom were some arrested in Operation Liberterra?"),
            ("who led it?", "who led Operation Liberterra?"),
            ("who won the chess final?", "who won the chess final?"),
            ("when was it?", "when was the chess final?"),
        ),
    ],
)
def test_each_follow_up_builds_on_what_the_last_was_read_as(talk: tuple[tuple[str, str], ...]) -> None:
    turns: list[Turn] = []
    for question, read_as in talk:
        assert standalone(question, turns) == read_as
        turns.append(Turn(read_as))


@pytest.mark.parametrize(
    ("last", "words", "question", "read_as"),
    [
        ("how many wolves were shot last week?", "last week", "where?", "where were wolves shot last week?"),
        (
            "how many wolves were shot last week?",
            "last week",
            "how many died?",
            "how many died — about the wolves last week?",
        ),
        (
            "who quit last week in Elsin?",
            "last week",
            "how many were fired?",
            "how many were fired in Elsin last week?",
        ),
        ("how many wolves were shot last week?", "last week", "and yesterday?", "how many wolves were shot yesterday?"),
        ("who resigned on Monday?", "Monday", "and Tuesday?", "who resigned on Tuesday?"),
        ("who resigned in May 2023?", "in May 2023", "what about 3 June?", "who resigned on 3 June?"),
        ("who resigned since May?", "May", "and June?", "who resigned since June?"),
        ("who resigned today?", "today", "and in the last two weeks?", "who resigned in the last two weeks?"),
        ("who resigned?", "", "what about 3 June?", "who resigned on 3 June?"),
        ("who won the 2023 chess final?", "2023", "and the tennis final?", "who won the tennis final in 2023?"),
        (f"{FLIGHTS[:-1]} last week?", "last week", "who led it in 2023?", "who led Operation Liberterra in 2023?"),
        (f"{FLIGHTS[:-1]} last week?", "last week", "who led it?", "who led Operation Liberterra last week?"),
        (f"{FLIGHTS[:-1]} last week?", "last week", "when was it founded?", "when was Operation Liberterra founded?"),
        ("who resigned last week?", "last week", CHESS, CHESS),
    ],
)
def test_the_time_that_was_asked_about_stays_until_another_is_named(
    last: str, words: str, question: str, read_as: str
) -> None:
    assert standalone(question, [Turn(last, window=Window(words, None, None))]) == read_as


def test_the_headline_lends_its_longest_name_when_the_question_names_nothing() -> None:
    turn = Turn("what happened?", headline="Calder Bridge reopens after Elsin repair")
    assert standalone("how many were hurt?", [turn]) == "how many were hurt — about Calder Bridge?"
    assert standalone("when was it built?", [turn]) == "when was Calder Bridge built?"


def test_cited_names_are_lent_when_neither_question_nor_headline_names_anything() -> None:
    names = ("Elsin", "Tamsin Reyes")
    assert standalone("where is she now?", [Turn("what happened?", names=names)]) == "where is she now?"
    assert standalone("how many were hurt?", [Turn("what happened?", "bridge shut", names=names)]) == (
        "how many were hurt — about Tamsin Reyes?"
    )
    assert standalone("how many were hurt?", [Turn("what happened?", "Calder Bridge shut", names=names)]) == (
        "how many were hurt — about Calder Bridge?"
    )
    assert standalone("how many were hurt?", [Turn("what happened in Ardle?", names=names)]) == (
        "how many were hurt in Ardle?"
    )


def test_only_the_last_turn_counts() -> None:
    assert standalone("and Eastgate?", [Turn(WOLVES), Turn(MAYOR)]) == "who is the mayor of Eastgate?"


def test_a_follow_up_that_would_become_too_long_to_ask_is_left_alone() -> None:
    town = "E" + "x" * (MAX_QUESTION_CHARACTERS - len("when was the mayor of E born?"))
    assert len(standalone("when was he born?", [Turn(f"who is the mayor of {town}?")])) == MAX_QUESTION_CHARACTERS
    assert standalone("when was he born?", [Turn(f"who is the mayor of {town}x?")]) == "when was he born?"


WORDS = [
    *("and", "so", "what about", "how many", "who", "when", "why is that", "was", "were", "did", "it", "she", "they"),
    *("there", "that", "the", "a", "of", "in", "by", "mayor", "flights", "arrested", "Elsin", "Calder Bridge", "2023"),
    *("May", "last week", "someone", "about", "’s", "?", ",", "ß", "İ", "\\1", "\n"),
]
questions = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
turns = st.builds(Turn, questions, questions, st.none() | st.builds(Window, questions, st.none(), st.none()))


@given(questions, st.lists(turns, max_size=2))
def test_whatever_is_typed_gives_a_question_that_can_be_asked(question: str, earlier: list[Turn]) -> None:
    read_as = standalone(question, earlier)
    assert read_as == question or (len(read_as) <= MAX_QUESTION_CHARACTERS and read_as.endswith("?"))


@given(questions)
def test_without_an_earlier_turn_every_question_is_left_alone(question: str) -> None:
    assert standalone(question, []) == question


@pytest.mark.parametrize(
    "unit", ["A ", "a ", "the ", "of ", "A of ", "the a ", "in the a ", "who ", "and ", "it ", "-"]
)
@pytest.mark.parametrize("opening", ["", "how many ", "what about ", "who is ", "when did "])
def test_a_hostile_question_costs_no_more_than_its_length(opening: str, unit: str) -> None:
    hostile = opening + unit * 2000
    assert standalone(hostile[:2000], [Turn(hostile[:2000])]) == hostile[:2000]
    assert len(standalone(hostile[:900], [Turn(MAYOR)])) <= MAX_QUESTION_CHARACTERS
    assert len(standalone("and Eastgate?", [Turn(hostile[:900], hostile[:2000])])) <= MAX_QUESTION_CHARACTERS
