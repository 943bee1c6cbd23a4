"""What questions ask for, how sentences are judged, and which are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import quote
from bot.agreement import Relation, Value, relation
from bot.answer_type import (
    DATE,
    MONEY,
    NAME,
    NUMBER,
    PLACE,
    SPEECH,
    asked_type,
    asks_yes_or_no,
    counts,
    echoes,
    holds,
    is_misdated,
    is_question,
    names,
    suits,
    values,
)
from bot.evidence import Evidence, Features, Sentence
from bot.quote import DIFFERS_WITHIN, MORE_WITHIN, SENTENCES_SHOWN, Chosen, choose, log_odds, reranked, score
from index.records import Hit
from ingest.records import Article, Passage, State

NOW = datetime(2024, 11, 12, tzinfo=UTC)
ARTICLE = Article("a", 1, State.LIVE, "/a", "T", "O", (), "", "en", NOW, None, NOW, NOW)
RANKING, ANSWERING = quote.RANKING, quote.ANSWERING
NOTHING = Features._make([0.0] * len(Features._fields))
HOW_MANY = "how many people had to leave?"
OPEN = "what happened in Elsin?"


@pytest.fixture(autouse=True, scope="module")
def _overlap_is_the_score() -> Iterator[None]:
    """What is shown depends on scores, whatever they are made of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quote, "RANKING", NOTHING._replace(overlap=1.0))
        patch.setattr(quote, "ANSWERING", NOTHING._replace(overlap=1.0))
        patch.setattr(quote, "BIAS", 0.0)
        yield


def by(name: str, *, story: str = "", days: int | None = 0) -> Article:
    """An article of this id, so many days old."""
    return replace(ARTICLE, id=name, story=story, published=None if days is None else NOW - timedelta(days=days))


def evidence(its_score: float, *its_values: str, article: Article = ARTICLE, reader: float = 1.0) -> Evidence:
    """A sentence that says these things, the first of them in the words that answer best."""
    text = " ".join(its_values) or "It rained."
    words = (its_values or (text,))[0]
    hit = Hit(Passage(f"p{article.id}", article.id, 1, 0, len(text), "", text), article, 0.03, 0.5)
    sentence = Sentence(hit, 0, len(text), text, (0, len(words)), reader, Value.of(words))
    return Evidence(
        sentence,
        frozenset(its_values),
        NOTHING._replace(overlap=its_score, reader=reader, suits=1.0, passage_overlap=1.0),
    )


@pytest.mark.parametrize(
    ("question", "answer_type"),
    [
        ("How many flights were screened?", NUMBER),
        ("how strong was the quake?", NUMBER),
        ("What was the turnout?", NUMBER),
        ("how much did it cost?", MONEY),
        ("how much is the fare?", MONEY),
        ("how much money was lost?", MONEY),
        ("how much water was lost?", NUMBER),
        ("What is the price of a seat?", MONEY),
        ("When did the strike end?", DATE),
        ("what year was it?", DATE),
        ("Where was the ship?", PLACE),
        ("Who is the mayor?", NAME),
        ("What did the mayor say about the bridge?", SPEECH),
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
        ("what did the mayor say?", "“It is safe,” the mayor said.", True),
        ("what did the mayor say?", "The mayor crossed the bridge.", False),
    ],
)
def test_a_sentence_fits_when_it_gives_such_a_thing_that_the_question_does_not(
    question: str, text: str, fits: bool
) -> None:
    answer_type = asked_type(question)
    assert answer_type is not None
    assert holds(answer_type, text, question) is fits


@pytest.mark.parametrize(
    ("question", "words", "suited"),
    [
        ("when?", "on 3 May", 1.0),
        ("when?", "May 3rd", 1.0),
        ("when?", "the 3rd of May", 1.0),
        ("when?", "2024-11-12", 1.0),
        ("when?", "November 2024", 0.6),
        ("when?", "in 2024", 0.4),
        ("when?", "on Monday", 0.4),
        ("when?", "2 decades ago", 0.0),
        ("when?", "the mayor", 0.0),
        ("how many?", "almost 24,000", 1.0),
        ("how many?", "a dozen", 1.0),
        ("how many?", "twenty people", 1.0),
        ("how many?", "the mayor", 0.0),
        ("how many?", "12 November", 0.0),
        ("how many?", "in 2024", 0.0),
        ("how much?", "14 crowns", 1.0),
        ("how much?", "the fare", 0.0),
        ("who?", "Stock", 1.0),
        ("who?", "the mayor", 0.0),
        ("where?", "Lyon", 1.0),
        ("where?", "in Lyon", 1.0),
        ("where?", "at home", 0.0),
    ],
)
def test_words_suit_a_question_when_they_are_such_a_thing(question: str, words: str, suited: float) -> None:
    answer_type = asked_type(question)
    assert answer_type is not None
    assert suits(answer_type, words) == suited


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


@pytest.mark.parametrize(
    ("question", "text", "misdated"),
    [
        ("who won in 2023?", "In 2024 Elsin won.", True),
        ("who won in 2023?", "Elsin won in 2023, as in 2024.", False),
        ("who won in 2023 or 2024?", "In 2024 Elsin won.", False),
        ("who won in 2023?", "Elsin won.", False),
        ("who won?", "In 2024 Elsin won.", False),
    ],
)
def test_a_text_is_misdated_when_it_names_other_years_only(question: str, text: str, misdated: bool) -> None:
    assert is_misdated(question, text) is misdated


@pytest.mark.parametrize(
    ("words", "echo"),
    [("the mayor of Elsin", True), ("a Mayor,", True), ("", True), ("Ilsa Verne", False), ("mayor Ilsa Verne", False)],
)
def test_words_are_an_echo_when_the_question_has_them_all(words: str, echo: bool) -> None:
    assert echoes("who is mayor of Elsin?", words) is echo


@pytest.mark.parametrize(
    ("text", "asks", "yes_or_no"),
    [
        ("Did the strike end?", True, True),
        ("is the ferry free", True, True),
        ("Isn’t it over?", True, True),
        ("“Has she left?”", True, True),
        ("who won", True, False),
        ("“What happened?” he asked", True, False),
        ("the strike?", True, False),
        ("ferry strike", False, False),
        ("however it ended", False, False),
        ("", False, False),
    ],
)
def test_a_question_is_told_from_things_to_look_for(text: str, asks: bool, yes_or_no: bool) -> None:
    assert is_question(text) is asks
    assert asks_yes_or_no(text) is yes_or_no


def test_values_are_the_numbers_and_names_that_are_new() -> None:
    found = values("Almost 24,000 flights left Elsin on 3 May, said Jürgen Stock.", "how many flights left Elsin?")
    assert found == {"24,000", "3", "may", "jürgen stock"}


def test_the_names_of_a_question_do_not_count_its_first_word() -> None:
    assert names("Who won the World Cup in Norway?") == ["World", "Cup", "Norway"]


def test_the_shipped_weights_hold_against_a_sentence_what_speaks_against_it() -> None:
    for shipped in (RANKING, ANSWERING):
        assert max(shipped.misdated, shipped.echo) < 0 < min(shipped.reader, shipped.suits, shipped.agreement)
    assert RANKING.age < 0 < RANKING.newness


def test_that_a_report_is_new_does_not_make_it_answer() -> None:
    assert ANSWERING.age == ANSWERING.newness == 0


def test_no_evidence_is_no_answer() -> None:
    assert choose(HOW_MANY, []) == Chosen(())
    assert log_odds([]) == -math.inf


def test_further_sentences_must_give_a_value_of_their_own() -> None:
    best, repeat, more = evidence(3, "7"), evidence(2.5, "7"), evidence(2, "7", "8")
    assert choose(OPEN, [repeat, more, best]) == Chosen((best, more))


def test_a_value_that_was_given_is_not_new_in_a_third_sentence() -> None:
    first, second, third = evidence(3, "7"), evidence(2.5, "8"), evidence(2, "7", "8")
    assert choose(OPEN, [first, second, third]) == Chosen((first, second))


def test_a_far_weaker_sentence_is_left_out() -> None:
    best = evidence(3, "7")
    assert choose(OPEN, [evidence(3 - MORE_WITHIN - 0.1, "8"), best]) == Chosen((best,))


def test_reports_that_differ_stand_side_by_side_the_newest_first_and_undated_last() -> None:
    undated = evidence(3, "340", article=by("a", days=None))
    old = evidence(2.5, "350", article=by("b", days=3))
    new = evidence(2, "360", article=by("c", days=1))
    assert choose(HOW_MANY, [undated, old, new]) == Chosen((new, old, undated), differing=3)


def test_of_reports_that_agree_against_another_the_best_stands_for_them() -> None:
    best = evidence(3, "340", article=by("a", days=2))
    same = evidence(2.5, "some 340 people", article=by("b"))
    other = evidence(2, "360", article=by("c", days=1))
    assert choose(HOW_MANY, [best, same, other]) == Chosen((other, best), differing=2)


ANOTHER = by("b")


def about(one: Evidence, **changed: float) -> Evidence:
    """The same, but for these features."""
    return replace(one, features=one.features._replace(**changed))


def test_reports_of_one_month_differ_and_so_does_an_undated_one() -> None:
    best = evidence(3, "340")
    for days in (31, None):
        other = evidence(2.5, "360", article=by("b", days=days))
        assert choose(HOW_MANY, [best, other]) == Chosen((best, other), differing=2)


@pytest.mark.parametrize(
    ("question", "best", "other"),
    [
        (HOW_MANY, evidence(3, "340"), evidence(2.5, "almost 340 people", article=ANOTHER)),
        (HOW_MANY, evidence(3, "340"), evidence(2.5, "360")),
        (HOW_MANY, evidence(3, "340", article=by("a", story="s")), evidence(2.5, "360", article=by("b", story="s"))),
        (HOW_MANY, evidence(3, "340"), evidence(2.5, "360", article=ANOTHER, reader=0.0)),
        (HOW_MANY, evidence(3, "340", reader=-1.0), evidence(2.5, "360", article=ANOTHER)),
        (HOW_MANY, evidence(3, "340"), evidence(3 - DIFFERS_WITHIN - 0.1, "360", article=ANOTHER)),
        (OPEN, evidence(3, "340"), evidence(2.5, "360", article=ANOTHER)),
        ("was 340 the number of people?", evidence(3, "340"), evidence(2.5, "360", article=ANOTHER)),
        (HOW_MANY, evidence(3, "340"), evidence(2.5, "360", article=by("b", days=32))),
        (HOW_MANY, about(evidence(3, "340"), unnamed=0.5), about(evidence(2.5, "360", article=ANOTHER), unnamed=0.5)),
        (HOW_MANY, about(evidence(3, "340"), passage_overlap=0.4), evidence(2.5, "360", article=ANOTHER)),
        (HOW_MANY, evidence(3, "340"), about(evidence(2.5, "360", article=ANOTHER), passage_overlap=0.4)),
        ("who is the mayor?", evidence(3, "Jürgen Stock"), evidence(2.5, "Anna Stock", article=ANOTHER)),
    ],
    ids=[
        *("agree", "one article", "copies", "other doubted", "best doubted", "far weaker", "open question"),
        *("yes or no", "long apart", "a name is missing", "best off topic", "other off topic", "unclear"),
    ],
)
def test_otherwise_the_best_leads_whatever_its_date(question: str, best: Evidence, other: Evidence) -> None:
    assert choose(question, [other, best]) == Chosen((best, other))


def test_words_that_are_not_what_is_asked_for_contradict_nothing() -> None:
    best, other = evidence(3, "340"), about(evidence(2.5, "360", article=ANOTHER), suits=0.0)
    assert choose(HOW_MANY, [best, other]) == Chosen((best, other))


def test_the_best_sentence_is_shown_even_when_it_is_doubted_and_others_differ() -> None:
    best = evidence(3, "340", reader=-1.0)
    others = [evidence(2.5, "350", article=by("b")), evidence(2, "360", article=by("c"))]
    assert best in choose(HOW_MANY, [best, *others]).evidence


Said = st.builds(
    evidence,
    st.floats(-9, 9),
    st.sampled_from(["340", "some 340 people", "350", "360", "370", "Elsin"]),
    article=st.builds(
        by, st.sampled_from("abcd"), story=st.sampled_from(["", "s"]), days=st.none() | st.integers(0, 9)
    ),
    reader=st.floats(-12, 12),
)
Evidences = st.lists(Said, max_size=10)


@given(Evidences, st.sampled_from([HOW_MANY, OPEN]))
def test_what_is_chosen_is_best_first_or_side_by_side_newest_first(some: list[Evidence], question: str) -> None:
    chosen = choose(question, some)
    shown = list(chosen.evidence)
    assert bool(some) <= len(shown) <= SENTENCES_SHOWN
    assert all(one in some for one in shown)
    if not chosen.differing:
        assert not some or score(shown[0]) == max(map(score, some))
        assert shown == sorted(shown, key=score, reverse=True)
        assert all(not one.values <= other.values for other, one in combinations(shown, 2))
        return
    assert question == HOW_MANY
    assert chosen.differing == len(shown) > 1
    assert all(one.sentence.reader > 0 for one in shown)
    for newer, older in combinations((one.sentence for one in shown), 2):
        assert newer.report != older.report
        assert relation(newer.value, older.value) is Relation.DIFFERENT
        dates = (newer.hit.article.published, older.hit.article.published)
        assert dates[1] is None or (dates[0] is not None and dates[0] >= dates[1])


@given(Evidences, Said)
def test_more_evidence_never_lowers_the_odds(some: list[Evidence], another: Evidence) -> None:
    more = log_odds([*some, another])
    assert more >= log_odds(some) - 1e-9
    assert score(another) - 1e-9 <= more <= max(map(score, [another, *some])) + math.log(len(some) + 1) + 1e-9


def test_equal_sentences_add_up_however_good_they_are() -> None:
    assert log_odds([evidence(2.0)] * 4) == pytest.approx(2 + math.log(4))
    assert log_odds([evidence(1e6), evidence(-1e6)]) == 1e6


@given(Evidences, st.permutations("abcdef"))
def test_hits_are_ordered_by_their_best_sentence_and_none_is_lost(some: list[Evidence], order: list[str]) -> None:
    hits = [evidence(0, article=by(name)).sentence.hit for name in order]
    best = {one.sentence.hit.passage.id: score(one) for one in sorted(some, key=score)}
    with_evidence = sorted((hit for hit in hits if hit.passage.id in best), key=lambda hit: -best[hit.passage.id])
    assert reranked(hits, some) == with_evidence + [hit for hit in hits if hit.passage.id not in best]
