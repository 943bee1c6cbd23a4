"""From hits to sentences that can be quoted, and what speaks for each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence import FAR, MOST_REPORTS, OLDEST, UNKNOWN, Evidence, Features, Language, Reads, gather
from bot.reader import Span
from index.records import Hit
from ingest.chunk import passages
from ingest.records import Article, Passage, State
from tests.support import FirstFigure

NOW = datetime(2024, 11, 12, tzinfo=UTC)
ARTICLE = Article("a", 1, State.LIVE, "/a", "A report", "O", (), "", "en", NOW, None, NOW, NOW)
HOW_MANY = "how many people had to leave?"
LATEST = "what is the latest on the fire?"
FIRE = "The fire drove 340 people out of their homes."
RANGES = {"reader": (-FAR, FAR), "passage_cosine": (-1, 1), "agreement": (0, MOST_REPORTS), "age": (0, OLDEST)}
SAID = [
    "The fire drove 340 people out of their homes.",
    "Some 360 people, said Jürgen Stock, had to leave.",
    "Nobody in Elsin was hurt in 2023.",
]
NOT_SAID = ["Storm Petra", "A look back", "Why did they have to leave?", "«", ""]
QUESTIONS = [HOW_MANY, LATEST, "when was anybody in Elsin hurt?", "who is Jürgen Stock?", "what happened in 2024?", ""]
Line = st.one_of(st.lists(st.sampled_from(SAID), max_size=3).map(" ".join), st.sampled_from(NOT_SAID))
Prose = st.lists(Line, max_size=8).map("\n".join)


def terms(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def language(reader: Reads | None = None) -> Language:
    return Language(reader or FirstFigure(), terms, lambda some: dict.fromkeys(some, 1.0))


def hit(text: str, article: Article = ARTICLE, *, start: int = 0, cosine: float = 0.5) -> Hit:
    place = f"{article.id}:{start}:{len(text)}"
    return Hit(Passage(place, article.id, 1, start, start + len(text), "", text), article, 0.03, cosine)


def of(question: str, *hits: Hit, asked: datetime = NOW) -> list[Evidence]:
    return gather(question, asked, hits, language())


def features(question: str, *hits: Hit, asked: datetime = NOW) -> Features:
    """Of the first sentence."""
    return of(question, *hits, asked=asked)[0].features


def by(name: str, *, story: str = "", days: float | None = 0) -> Article:
    """An article of this id, so many days old."""
    return replace(ARTICLE, id=name, story=story, published=None if days is None else NOW - timedelta(days=days))


@dataclass(frozen=True)
class Sure:
    """Marks the whole stretch; score: the same for all, or the length of the text that it stands in."""

    score: float | None = None
    fingerprint: str = "sure"

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:  # noqa: ARG002
        return [Span(*stretch, len(text) if self.score is None else self.score) for stretch in within]


@given(Prose, st.integers(10, 40), st.sampled_from(QUESTIONS))
def test_each_sentence_stands_where_it_is_said_to_and_once(text: str, budget: int, question: str) -> None:
    cut = passages("a", 1, text, "", lambda some: [len(one.split()) for one in some], window=budget, budget=budget)
    found = of(question, *(Hit(passage, ARTICLE, 0.03, 0.5) for passage in cut))
    for one in (evidence.sentence for evidence in found):
        assert text[one.start : one.end] == one.text
        assert one.start <= one.answer[0] < one.answer[1] <= one.end
        assert text[one.answer[0] : one.answer[1]] == one.words
    starts = [one.sentence.start for one in found]
    assert len(set(starts)) == len(starts)
    assert {one.sentence.text for one in found} == {sentence for sentence in SAID if sentence in text}


@given(st.lists(Prose, max_size=4), st.sampled_from(QUESTIONS), st.floats(-1, 1), st.datetimes(timezones=st.just(UTC)))
def test_every_feature_stays_in_its_range(texts: list[str], question: str, cosine: float, asked: datetime) -> None:
    hits = [hit(text, by(str(n), days=n or None), cosine=cosine) for n, text in enumerate(texts)]
    for one in of(question, *hits, asked=asked):
        for name, value in one.features._asdict().items():
            least, most = RANGES.get(name, (0, 1))
            assert least <= value <= most, name


def test_a_sentence_that_two_passages_share_is_read_where_it_is_understood_better() -> None:
    before, after = "It burned all night long. ", " Nobody was hurt in the fire, and nobody is missing."
    short, long = hit(before + FIRE), hit(FIRE + after, start=len(before))
    for hits in ([short, long], [long, short]):
        found = {one.sentence.start: one.sentence for one in gather(HOW_MANY, NOW, hits, language(Sure()))}
        assert sorted(found) == [0, len(before), len(before + FIRE) + 1]
        assert found[len(before)].text == FIRE
        assert found[len(before)].hit is long


def test_the_same_sentence_of_two_articles_is_two() -> None:
    assert [one.sentence.hit.article.id for one in of(HOW_MANY, hit(FIRE, by("b")), hit(FIRE, by("a")))] == ["b", "a"]


@pytest.mark.parametrize(
    "line",
    [
        "Is the bridge safe to cross?",
        "“Who said that the bridge was safe?”",
        "Is the bridge that was closed after the storm of last week safe to cross again?",
        "Storm Petra: how the night went",
        "Bridge safe.",
        "Photo: The Daily.",
        "",
    ],
)
def test_questions_headings_and_captions_are_no_evidence(line: str) -> None:
    assert of("is the bridge safe?", hit(line)) == []
    assert [one.sentence.text for one in of("is the bridge safe?", hit(f"{line}\n{FIRE}"))] == [FIRE]


@pytest.mark.parametrize(
    "line",
    [
        "The bridge is safe.",
        "“The bridge is safe again,” she said.",
        "(The bridge is safe to cross again.)",
        "Whoever wants to cross the bridge may do so again from Monday on",
    ],
)
def test_what_ends_like_a_sentence_or_is_as_long_as_one_is_evidence(line: str) -> None:
    assert [one.sentence.text for one in of("is the bridge safe?", hit(line))] == [line]


def test_without_hits_there_is_no_evidence() -> None:
    assert of(HOW_MANY) == []


def test_the_readers_words_and_what_they_say_are_kept() -> None:
    (one,) = of(HOW_MANY, hit(FIRE, start=100))
    assert one.sentence.words == "340"
    assert one.sentence.answer == (115, 118)
    assert one.sentence.value.numbers == {340}
    assert one.values == {"340"}


@pytest.mark.parametrize(("score", "counted"), [(1_000.0, FAR), (-1_000.0, -FAR), (3.5, 3.5)])
def test_the_readers_score_counts_up_to_a_limit(score: float, counted: float) -> None:
    (one,) = gather(HOW_MANY, NOW, [hit(FIRE)], language(Sure(score)))
    assert one.features.reader == counted
    assert one.sentence.reader == score


def test_overlap_is_the_share_of_the_questions_terms_by_their_weight() -> None:
    def weights(some: Sequence[str]) -> dict[str, float]:
        return {term: 3.0 if term == "fire" else 1.0 for term in some}

    text = f"{FIRE} It was cold and dark outside."
    found = gather("cold cold fire storm", NOW, [hit(text)], Language(FirstFigure(), terms, weights))
    assert [one.features.overlap for one in found] == [3 / 5, 1 / 5]
    assert [one.features.passage_overlap for one in found] == [4 / 5, 4 / 5]


def test_agreement_counts_each_independent_report_by_how_likely_it_answers() -> None:
    other = hit("Almost 340 people had to leave.", by("b"))
    likely = 1 / (1 + math.exp(-of(HOW_MANY, other)[0].features.reader))
    assert features(HOW_MANY, hit(FIRE), other).agreement == pytest.approx(likely)
    assert features(HOW_MANY, hit(FIRE), other, replace(other, article=by("c"))).agreement == pytest.approx(2 * likely)


def test_a_report_that_the_reader_believes_less_agrees_less() -> None:
    doubted, believed = ("There were 340 dead fish.", by("b")), ("How many had to leave? 340 people had to.", by("b"))
    agreements = [features(HOW_MANY, hit(FIRE), hit(*other)).agreement for other in (doubted, believed)]
    assert 0 < agreements[0] < agreements[1] < 1


def test_copies_of_one_story_agree_no_more_than_one_report() -> None:
    copies = [hit(f"Firemen said: {FIRE}" + "!" * n, by(name, story="a")) for n, name in enumerate("abc")]
    assert features(HOW_MANY, *copies).agreement == 0
    one, three = (features(HOW_MANY, hit(FIRE, by("d")), *copies[:number]).agreement for number in (1, 3))
    assert one == three > 0


def test_a_report_that_says_it_twice_agrees_as_its_likeliest_sentence_does() -> None:
    likely, unlikely = "340 people had to leave.", "There were 340 dead fish."
    once, twice = (features(HOW_MANY, hit(FIRE), hit(text, by("b"))) for text in (likely, f"{likely} {unlikely}"))
    assert once.agreement == twice.agreement > 0


def test_two_sentences_of_one_article_are_no_agreement() -> None:
    assert features(HOW_MANY, hit(f"{FIRE} Later on, 340 people came back.")).agreement == 0


def test_a_report_that_says_otherwise_does_not_agree() -> None:
    assert features(HOW_MANY, hit(FIRE), hit(FIRE.replace("340", "360"), by("b"))).agreement == 0


def test_the_very_same_words_elsewhere_are_a_copy_and_no_agreement() -> None:
    assert features(HOW_MANY, hit(FIRE), hit(FIRE, by("b"))).agreement == 0
    assert features(HOW_MANY, hit(FIRE), hit(f"Oh, {FIRE}", by("b"))).agreement > 0


def test_more_than_a_few_reports_add_nothing() -> None:
    hits = [hit(f"In street {letter}, {FIRE}", by(letter)) for letter in ascii_lowercase]
    assert {one.features.agreement for one in gather(HOW_MANY, NOW, hits, language(Sure(9.0)))} == {MOST_REPORTS}


@pytest.mark.parametrize(("question", "newness"), [(LATEST, [0.5, 1, 0, UNKNOWN]), (HOW_MANY, [UNKNOWN] * 4)])
def test_newness_counts_when_the_latest_is_asked_for(question: str, newness: list[float]) -> None:
    hits = [hit(FIRE, by(str(days), days=days)) for days in (2, 1, 30, None)]
    assert [one.features.newness for one in of(question, *hits)] == newness


def test_the_only_date_among_the_hits_is_not_the_oldest() -> None:
    dated, undated = of(LATEST, hit(FIRE, by("a")), hit(FIRE, by("b", days=None)))
    assert dated.features.newness >= undated.features.newness


@pytest.mark.parametrize(("days", "age"), [(0, 0), (9, 1), (-9, 1), (99, 2), (5_000, OLDEST), (None, OLDEST)])
def test_age_is_the_magnitude_of_the_days_between_publication_and_question(days: float | None, age: float) -> None:
    assert features(HOW_MANY, hit(FIRE, by("a", days=days))).age == pytest.approx(age)


@pytest.mark.parametrize(
    ("question", "unnamed"),
    [
        ("what burned in Elsin and in Norway?", 1.0),
        ("what burned in Thornbury and in Norway?", 0.5),
        ("what burned in Ardle and in Thornbury?", 0.0),
        ("what burned?", 0.0),
    ],
)
def test_a_name_is_mentioned_by_the_passage_or_by_its_headline(question: str, unnamed: float) -> None:
    report = hit(f"{FIRE} They were taken to Thornbury.", replace(ARTICLE, title="Fire in Ardle"))
    assert features(question, report).unnamed == unnamed


@pytest.mark.parametrize(("question", "misdated"), [("in 2023?", 1), ("in 2024?", 0), ("last year?", 0)])
def test_a_sentence_about_another_year_is_misdated(question: str, misdated: float) -> None:
    assert features(f"what burned {question}", hit("In 2024 the old mill burned.")).misdated == misdated


@pytest.mark.parametrize(("question", "echo"), [("what burned in 2024?", 1), ("what burned?", 0)])
def test_words_that_only_repeat_the_question_are_an_echo(question: str, echo: float) -> None:
    assert features(question, hit("In 2024 the old mill burned.")).echo == echo


def test_a_question_for_yes_or_no_is_echoed_by_nothing() -> None:
    burned = hit("In 2024 the old mill burned.")
    assert [features(f"{opening} in 2024?", burned).echo for opening in ("Did it burn", "What burned")] == [0, 1]


def test_reports_need_not_say_when_or_that_they_are_the_latest() -> None:
    plain, timed = (of(f"what burned {words}", hit("The old mill burned."))[0].features for words in ("", "last week"))
    assert timed.overlap == plain.overlap > 0
    asked = "what is {} on the old mill?"
    latest, none = (
        features(asked.format(words), hit("The old mill burned.")).overlap for words in ("the latest", "the")
    )
    assert latest == none > 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many fish died?", (1, 1, 0)),
        ("how many homes burned?", (1, 1, 0)),
        (HOW_MANY, (1, 1, UNKNOWN)),
        ("when did they leave?", (0, 0, UNKNOWN)),
        ("what happened?", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("how many old mills burned?", (1, 1, 1)),
    ],
)
def test_a_sentence_has_what_is_asked_for_or_not(question: str, expected: tuple[float, ...]) -> None:
    text = "It burned 12 old mills." if "mills" in question else FIRE
    found = features(question, hit(text))
    assert (found.fits, found.suits, found.counts) == expected
