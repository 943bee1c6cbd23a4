"""Copies of one report share a story; independent reports of one event do not."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.archive import Archive
from ingest.duplicates import are_copies, bands, stories, taken_over, wording
from ingest.pipeline import reindex
from ingest.records import ParsedArticle
from ingest.sources import recognise
from tests.reports import BRIEF, BUDGET, FIRE, MORE, SAME_FIRE, edited

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
NOON = datetime(2024, 11, 12, 12, tzinfo=UTC)
FOOTER = " ".join(f"footer{number}" for number in range(40))
PARAGRAPHS = FIRE.split("\n")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")


def put(archive: Archive, **texts: str) -> None:
    for name, text in texts.items():
        archive.put(ParsedArticle(id=name, text=text), f"/{name}", NOON)


def told(archive: Archive, *names: str) -> dict[str, str]:
    return {name: one.story for name, one in archive.articles(names).items()}


def copies(one: str, other: str) -> bool:
    """Whether both steps say so: a band in common, and the comparison."""
    mine, its = wording(one), wording(other)
    return bool(set(bands(mine)) & set(bands(its))) and are_copies(mine, its)


# Two texts


@settings(deadline=None)  # the first call loads the library
@given(st.sampled_from([FIRE, BUDGET]), st.floats(0, 0.1), st.integers(0, 10**6))
def test_a_report_with_a_tenth_of_its_words_changed_is_a_copy(text: str, share: float, seed: int) -> None:
    assert copies(text, edited(text, share, seed))


@pytest.mark.parametrize("added", ["", MORE], ids=["as it was", "with paragraphs added"])
def test_a_report_with_a_fifth_of_its_words_changed_is_nearly_always_a_copy(added: str) -> None:
    assert sum(copies(FIRE, edited(FIRE, 0.2, seed) + "\n" + added) for seed in range(100)) >= 95


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_a_report_with_paragraphs_added_before_and_after_is_a_copy(share: float) -> None:
    first, second, third = MORE.split("\n")
    assert copies(FIRE, "\n".join([first, second, edited(FIRE, share, 1), third]))


def test_a_shortened_report_and_one_in_another_order_are_copies() -> None:
    assert copies(FIRE, "\n".join(PARAGRAPHS[:3]))
    assert copies(FIRE, "\n".join(PARAGRAPHS[::-1]))


def test_independent_reports_of_one_event_are_no_copies() -> None:
    assert taken_over(wording(FIRE), wording(SAME_FIRE)) < 0.3
    assert not copies(FIRE, SAME_FIRE)


def test_a_follow_up_that_repeats_the_background_is_no_copy() -> None:
    assert not copies(FIRE, "\n".join([MORE, *SAME_FIRE.split("\n")[3:], *PARAGRAPHS[3:]]))


def test_the_next_issue_of_a_series_has_the_phrases_but_not_the_figures() -> None:
    def shares(*figures: str) -> str:
        closed, change, metal, bank, traded = figures
        return (
            f"Shares in Meridian closed at {closed} points on the day, a change of {change} per cent. Among the miners "
            f"Harrow Metal was at {metal} crowns and among the banks Calder Savings was at {bank} crowns. Dealers spoke "
            f"of a quiet session in which {traded} thousand shares changed hands, about as many as usual for the season."
        )

    monday = shares("7412", "3", "118", "54", "902")
    assert not copies(monday, shares("7388", "1", "121", "52", "611"))
    assert copies(monday, monday.replace("quiet", "calm"))


def test_short_notices_are_never_copies_however_alike() -> None:
    assert bands(wording(BRIEF)) == []
    assert not are_copies(wording(BRIEF), wording(BRIEF))


def test_a_report_that_a_long_round_up_contains_is_no_copy_of_it() -> None:
    assert not are_copies(wording(BUDGET), wording("\n".join([BUDGET, FIRE, SAME_FIRE, MORE])))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The island's clinic said: “No.”", 'THE ISLAND’S CLINIC – said "no"'),
        ("Jürgen paid 24,000 crowns", "Jurgen paid 24 000 crowns!"),
        ("the office, at last", "the of\u00adfice at\u00a0last"),
        ("the office at last", "the oﬃce at last"),
    ],
)
def test_case_accents_punctuation_and_typography_do_not_matter(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_two_texts_can_be_compared_and_the_order_does_not_matter(one: str, other: str) -> None:
    mine, its = wording(one), wording(other)
    assert are_copies(mine, its) == are_copies(its, mine)
    assert 0 <= taken_over(mine, its) <= 1
    assert len(bands(mine)) in {0, 50}


def test_copies_of_copies_share_a_story_named_after_the_first() -> None:
    texts = {"b": FIRE, "a": edited(FIRE, 0.1, 1), "c": f"{FIRE}\n{MORE}", "d": BUDGET, "e": SAME_FIRE}
    found = stories({name: wording(text) for name, text in texts.items()})
    assert found == {"a": "a", "b": "a", "c": "a", "d": "", "e": ""}


# In the archive

TEXTS = {
    "fire": FIRE,
    "fire-edited": edited(FIRE, 0.1, 1),
    "fire-longer": f"{MORE}\n{FIRE}",
    "same-fire": SAME_FIRE,
    "budget": BUDGET,
    "budget-edited": edited(BUDGET, 0.05, 2),
    "brief": BRIEF,
    "brief-again": BRIEF,
}
STORIES = dict.fromkeys(TEXTS, "") | dict.fromkeys(["fire", "fire-edited", "fire-longer"], "fire")
STORIES |= dict.fromkeys(["budget", "budget-edited"], "budget")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.permutations(list(TEXTS)), st.permutations(list(TEXTS)))
def test_stories_do_not_depend_on_the_order_of_arrival(archive: Archive, first: list[str], then: list[str]) -> None:
    put(archive, **dict.fromkeys(first, MORE))
    assert set(told(archive, *TEXTS).values()) == {min(TEXTS)}
    put(archive, **{name: TEXTS[name] for name in then})
    assert told(archive, *TEXTS) == STORIES


def test_a_report_that_holds_two_joins_their_stories_until_it_is_revised(archive: Archive) -> None:
    put(archive, a=FIRE, b=edited(FIRE, 0.05, 1), c=BUDGET + MORE, d=edited(BUDGET + MORE, 0.05, 1))
    assert told(archive, *"abcd") == {"a": "a", "b": "a", "c": "c", "d": "c"}
    put(archive, bridge=f"{FIRE}\n{BUDGET}{MORE}")
    assert set(told(archive, *"abcd", "bridge").values()) == {"a"}
    put(archive, bridge=SAME_FIRE)
    assert told(archive, *"abcd", "bridge") == {"a": "a", "b": "a", "c": "c", "d": "c", "bridge": ""}


def test_a_correction_leaves_the_story_as_it_was(archive: Archive) -> None:
    put(archive, a=FIRE, b=FIRE, c=FIRE)
    put(archive, a=FIRE.replace("340", "350"))
    assert set(told(archive, *"abc").values()) == {"a"}


def test_a_removed_article_leaves_its_story(archive: Archive) -> None:
    put(archive, a=FIRE, b=FIRE, c=FIRE)
    archive.remove("a")
    assert told(archive, *"abc") == {"a": "", "b": "b", "c": "b"}
    archive.remove("b")
    assert told(archive, *"abc") == {"a": "", "b": "", "c": ""}
    put(archive, d=FIRE)
    assert told(archive, *"abcd") == {"a": "", "b": "", "c": "c", "d": "c"}


def test_what_an_outlet_puts_below_each_article_does_not_hide_a_copy(archive: Archive) -> None:
    made_up = random.Random(1)
    texts = {f"a{n:02}": " ".join(f"word{made_up.randrange(10**6)}" for _ in range(80)) for n in range(60)}
    put(archive, **{name: f"{text}\n{FOOTER}" for name, text in texts.items()})
    assert set(told(archive, *texts).values()) == {""}
    put(archive, copy=f"{edited(texts['a59'], 0.05, 1)}\n{FOOTER}")
    assert {name for name, story in told(archive, *texts, "copy").items() if story} == {"a59", "copy"}


def test_one_more_copy_of_what_many_have_joins_them_all(archive: Archive) -> None:
    names = [f"a{n:02}" for n in range(60)]
    put(archive, **dict.fromkeys(names, FIRE), again=edited(FIRE, 0.1, 1))
    assert set(told(archive, *names, "again").values()) == {"a00"}


def test_a_gone_article_keeps_its_story_and_is_not_among_those_told(archive: Archive) -> None:
    put(archive, a=FIRE, b=FIRE, c=FIRE)
    archive.mark_gone(["a"])
    assert told(archive, "a") == {"a": "a"}
    assert [one.id for one in archive.told(["a", "nothing"])["a"]] == ["b", "c"]


def test_the_two_sample_articles_from_one_wire_are_the_only_story(archive: Archive) -> None:
    taken_in = [outcome.article for outcome in reindex(archive, [recognise(str(SAMPLES))], NOON) if outcome.article]
    found = {name: story for name, story in told(archive, *taken_in).items() if story}
    assert sorted(Path(name).name for name in found) == ["cable.txt", "island-offline.txt"]
    assert set(found.values()) == {min(found)}
