"""How a text becomes sentences and passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import SentenceTransformerEmbedder
from ingest.chunk import header, passages, sentences
from ingest.records import Passage

WINDOW = 254


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def count_quarters(texts: Sequence[str]) -> list[int]:
    return [-(-len(text) // 4) for text in texts]


def cut(text: str, heading: str = "", budget: int = 20) -> list[Passage]:
    return passages("a", 1, text, heading, count_words, window=WINDOW, budget=budget)


def said(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


odd_text = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(list(" \n\t.!?:\u00a0\u200b“”’ABCabc")))
)


@given(odd_text, st.sampled_from([count_words, count_quarters]))
def test_every_passage_and_sentence_is_the_text_at_its_offsets(text: str, count: object) -> None:
    found = passages("a", 1, text, "A headline", count, window=40, budget=12)  # type: ignore[arg-type]
    for passage in found:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
    for span in sentences(text):
        assert text[span.start : span.end].strip() == text[span.start : span.end] != ""


@given(odd_text)
def test_nothing_but_white_space_and_repeats_is_left_out(text: str) -> None:
    found = cut(text, budget=7)
    covered = {position for passage in found for position in range(passage.start, passage.end)}
    kept = {passage.text for passage in found}
    for span in sentences(text):
        sentence = text[span.start : span.end]
        inside = all(p in covered for p in range(span.start, span.end) if not text[p].isspace())
        assert inside or any(sentence in passage for passage in kept)


@given(odd_text)
def test_a_passage_never_exceeds_its_budget(text: str) -> None:
    assert all(count_words([passage.text])[0] <= 7 for passage in cut(text, budget=7))


def test_abbreviations_and_closing_quotes_stay_in_their_sentence() -> None:
    text = "Dr. Ito of Acme Inc. left at 5 p.m. on Monday. “We won.” The U.S. agreed."
    assert said(text) == ["Dr. Ito of Acme Inc. left at 5 p.m. on Monday.", "“We won.”", "The U.S. agreed."]


def test_a_line_break_ends_a_sentence() -> None:
    assert said("A headline without a stop\nThe first sentence.") == [
        "A headline without a stop",
        "The first sentence.",
    ]


def test_prose_overlaps_by_one_sentence() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(12))
    found = cut(text)
    assert len(found) > 2
    for earlier, later in pairwise(found):
        assert said(earlier.text)[-1] == said(later.text)[0]


def test_an_interview_turn_is_not_split_when_it_fits() -> None:
    turns = [
        "Interviewer (AB): What happened at the harbour on that night in March?",
        "Dr. Lena Okafor (LO): The gate failed. Nobody had checked it. We knew within the hour.",
        "AB: And then?",
        "LO: Then we moved four hundred people uphill. It took until the morning. Nobody was hurt.",
    ]
    for passage in cut("\n".join(turns), budget=25):
        for line in passage.text.split("\n"):
            assert line in turns


def test_a_sentence_of_ten_thousand_words_is_split_and_kept() -> None:
    text = " ".join(f"word{n}" for n in range(10_000)) + "."
    found = cut(text, budget=200)
    assert len(found) == 50
    assert " ".join(passage.text for passage in found) == text


def test_a_word_longer_than_a_passage_is_split_and_kept() -> None:
    word = "".join(chr(0x4E00 + n) for n in range(100))
    found = passages("a", 1, word, "", count_quarters, window=20, budget=10)
    assert "".join(passage.text for passage in found) == word


def test_unchanged_passages_keep_their_ids_when_a_later_paragraph_changes() -> None:
    before = "\n".join(f"Paragraph {n} has a few words of its own." for n in range(12))
    after = before.replace("Paragraph 11", "The last paragraph")
    one, other = cut(before), cut(after)
    assert [p.id for p in one][:-1] == [p.id for p in other][:-1]
    assert one[-1].id != other[-1].id


def test_a_new_headline_gives_new_ids() -> None:
    assert cut("Some text here.", "Old headline")[0].id != cut("Some text here.", "New headline")[0].id


def test_a_paragraph_said_twice_is_one_passage() -> None:
    line = " ".join(["word"] * 20) + "."
    assert len(cut(f"{line}\n{line}")) == 1


def test_header_names_what_is_known() -> None:
    day = datetime(2024, 11, 3, tzinfo=UTC)
    assert header("A title", "An outlet", day) == "A title · An outlet · 3 Nov 2024"
    assert header("A title", "", None) == "A title"


@pytest.mark.parametrize("words", [30, 400])
def test_header_and_text_fit_the_model(words: int) -> None:
    embedder = SentenceTransformerEmbedder()
    text = re.sub(r"(\w+ ){12}", lambda run: run.group().strip() + ". ", "Interpol supervises flights " * words)
    found = passages("a", 1, text, "Extraordinary headline " * 40, embedder.count, window=embedder.window)
    sizes = embedder.count([f"{passage.header}\n{passage.text}" for passage in found])
    assert found
    assert max(sizes) <= 254
