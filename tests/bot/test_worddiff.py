"""What changed between two versions of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render_history import history_text
from bot.worddiff import Change, Op, word_diff
from ingest.records import Article, Revision, State

NOON = datetime(2024, 11, 12, 12, tzinfo=UTC)
ARTICLE = Article("a", 2, State.LIVE, "/a", "Flood", "Post", (), "", "en", NOON, None, NOON, NOON)

texts = st.lists(st.sampled_from(["rain", "fell", "on", "Elsin", "today"]), max_size=30)


def told(*versions: str) -> list[str]:
    """What the history says of each version, below its first line."""
    revisions = [Revision("a", number, "0" * 64, text, NOON) for number, text in enumerate(versions, 1)]
    return [part.split("\n", 1)[1] for part in history_text(ARTICLE, revisions).plain.strip().split("\n\n")[1:]]


@given(texts, texts)
def test_the_changes_turn_the_old_words_into_the_new_ones(old: list[str], new: list[str]) -> None:
    changes = word_diff(old, new)
    assert [word for change in changes for word in change.old] == old
    assert [word for change in changes for word in change.new] == new
    for change in changes:
        assert (change.op is Op.EQUAL) == (change.old == change.new)
        assert (change.op is Op.INSERT, change.op is Op.DELETE) == (not change.old, not change.new)


def test_a_corrected_word_is_one_replacement() -> None:
    assert word_diff(["almost", "24,000", "flights"], ["more", "than", "21,000", "flights"]) == [
        Change(Op.REPLACE, ("almost", "24,000"), ("more", "than", "21,000")),
        Change(Op.EQUAL, ("flights",), ("flights",)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "history"),
    [
        ("It rained today.", "It rained twice.", "It rained [-today.-]{+twice.+}"),
        ("It rained.", "It rained. [b]More[/b]", "It rained. {+[b]More[/b]+}"),
        ("It rained a lot.", "It rained.", "It [-rained a lot.-]{+rained.+}"),
        ("It rained.\nA lot.", "It rained. A lot.", "only blanks and line breaks changed"),
        ("It rained.", "", "its text was removed"),
        (
            "a b c d e f g h X i j k l m n o p q r s t u v w Y x",
            "a b c d e f g h i j k l m n o p q r s t u v w x",
            "… c d e f g h [-X-] i j k l m n … r s t u v w [-Y-] x",
        ),
    ],
)
def test_the_history_reads_without_colour(old: str, new: str, history: str) -> None:
    assert told(old, new) == [f"as first read, {len(old.split())} words", history]
