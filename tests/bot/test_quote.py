"""How sentences are judged, and which are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer_type import DATE, MONEY, NAME, NUMBER, PLACE, asked_type, counts, holds, names, values
from bot.quote import SENTENCES_SHOWN, Evidence, Language, choose, confidence, gather
from index.records import Hit
from ingest.records import Article, Passage, State

NOW = datetime(2024, 11, 12, tzinfo=UTC)
ARTICLE = Article("a", 1, State.LIVE, "/a", "T", "O", (), "", "en", NOW, None, NOW, NOW)
HIT = Hit(Passage("p", "a", 1, 0, 9, "", "It rained."), ARTICLE, 0.03, 0.5)


def evidence(cosine: float, *its_values: str) -> Evidence:
    return Evidence(HIT, 0, 9, "It rained.", frozenset(its_values), cosine, cosine, 1.0, 0.5, cosine, cosine, 0.0, 0)


@pytest.mark.parametrize(
    ("question", "answer_type"),
    [
        ("How many flights were screened?", NUMBER),
        ("how much did it cost?", MONEY),
        ("What is the price of a seat?", MONEY),
        ("When did the strike end?", DATE),
        ("what year was it?", DATE),
        ("Where was the ship?", PLACE),
        ("Who is the mayor?", NAME),
        ("What happened?", None),
    ],
)
def test_a_question_says_what_it_asks_for(question: str, answer_type: object) -> None:
    assert asked_type(question) is answer_type


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("how many flights?", "Almost 24,000 flights were supervised.", True),
        ("how many flights?", "In 2024 flights were supervised.", False),
        ("how many were hurt in the 12 storms?", "The 12 storms hurt people.", False),
        ("how much did it cost?", "It cost 8.4 million crowns.", True),
        ("when was it?", "It was on 3 May.", True),
        ("who said so?", "Jürgen Stock said so.", True),
        ("who is Jürgen Stock?", "Jürgen Stock said so.", False),
        ("who said so?", "Nobody said so.", False),
    ],
)
def test_a_sentence_fits_when_it_gives_such_a_thing_that_the_question_does_not(
    question: str, text: str, fits: bool
) -> None:
    answer_type = asked_type(question)
    assert answer_type is not None
    assert holds(answer_type, text, question) is fits


@pytest.mark.parametrize(
    ("question", "text", "counted"),
    [
        ("how many wolves live in the north?", "Rangers counted 73 grey wolves.", 1.0),
        ("how many bears live in the north?", "Rangers counted 73 grey wolves.", 0.0),
        ("how many wolves live in the north?", "Rangers counted wolves in 73 days.", 0.0),
        ("how many irregular migrants were found?", "They found 17,793 migrants.", 1.0),
        ("how many people were arrested?", "Officers made 2,517 arrests.", 0.5),
        ("how many were arrested?", "Officers made 2,517 arrests.", 0.5),
        ("who counted the wolves?", "Rangers counted 73 wolves.", 0.5),
    ],
)
def test_a_number_counts_when_it_is_of_what_was_asked(question: str, text: str, counted: float) -> None:
    def stems(words: str) -> list[str]:
        return [word.strip(".,").removesuffix("s") for word in words.casefold().split()]

    assert counts(question, text, stems) == counted


def test_values_are_the_numbers_and_names_that_are_new() -> None:
    found = values("Almost 24,000 flights left Elsin on 3 May, said Jürgen Stock.", "how many flights left Elsin?")
    assert found == {"24,000", "3", "may", "jürgen stock"}


def test_the_names_of_a_question_do_not_count_its_first_word() -> None:
    assert names("Who won the World Cup in Norway?") == ["World", "Cup", "Norway"]


def test_too_little_evidence_is_no_answer() -> None:
    assert choose([]) == []
    assert confidence([]) == 0.0
    assert choose([evidence(0.1, "7")]) == []


def test_further_sentences_must_give_a_value_of_their_own() -> None:
    best, repeat, more = evidence(0.95, "7"), evidence(0.94, "7"), evidence(0.9, "7", "8")
    assert choose([repeat, more, best]) == [best, more]


def test_a_far_weaker_sentence_is_left_out() -> None:
    assert choose([evidence(0.95, "7"), evidence(0.2, "8")]) == [evidence(0.95, "7")]


scores = st.lists(st.floats(0, 1), max_size=12)


@given(scores)
def test_what_is_chosen_is_best_first_and_never_more_than_shown(cosines: list[float]) -> None:
    chosen = choose([evidence(cosine, str(n)) for n, cosine in enumerate(cosines)])
    assert len(chosen) <= SENTENCES_SHOWN
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    assert not chosen or chosen[0].cosine == max(cosines)


@given(scores, st.floats(0, 1))
def test_more_evidence_never_lowers_confidence(cosines: list[float], another: float) -> None:
    some = [evidence(cosine) for cosine in cosines]
    assert 0 <= confidence(some) <= confidence([*some, evidence(another)]) <= 1


def test_agreement_counts_stories_and_not_articles() -> None:
    text = "The fire drove 340 people out of their homes."

    def hit(article: str, story: str = "") -> Hit:
        return Hit(
            Passage(article, article, 1, 0, len(text), "", text), replace(ARTICLE, id=article, story=story), 0.03, 0.5
        )

    def agreement(*hits: Hit) -> int:
        words = Language(lambda texts: [[1.0] for _ in texts], str.split, lambda terms: dict.fromkeys(terms, 1.0))
        return gather("how many people had to leave?", [1.0], hits, words)[0].agreement

    assert agreement(hit("a"), hit("b")) == 1
    assert agreement(hit("a", "a"), hit("b", "a"), hit("c", "a")) == 0
    assert agreement(hit("a", "a"), hit("b", "a"), hit("c"), hit("d")) == 2


def test_a_name_that_the_passage_does_not_mention_speaks_against_it() -> None:
    assert replace(evidence(0.6), unnamed=1.0).score < evidence(0.6).score
