"""The shipped reader: what it marks, what it leaves alone, and when it refuses to load."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Encoding, Tokenizer

from bot import reader as module
from bot.app import App
from bot.reader import CLS, NEVER, QUESTION_PIECES, SEP, SPAN_PIECES, TITLE_PIECES, Reader, Span, assemble, best_span
from ingest.chunk import sentences
from ingest.errors import ModelError
from tests.bot.child import ROOT
from tests.support import index

POLICE = (
    "Jürgen Stock praised the officers. During the operation, 2,517 people were arrested in 133 countries. "
    "The operation ended on 3 May 2024 in Lyon."
)
FERRY = (
    "The council of Elsin raised the ferry fare to 14 crowns on Monday. "
    "The mayor, Ilsa Verne, voted against it. The ferry carries 3,000 passengers a day."
)
LIBRARY = "The new library in Northgate cost 8.4 million crowns. It was designed by Maria Holt and opened by the king."
WHOLE = [(0, len(POLICE))]
UNLIKELY = NEVER / 2
WORDS = ["The", "mayor", "of", "Thornbury", "said", "24,000", "donaudampfschifffahrt", "Jürgen", "on", "3", "May", "."]
Pieces = st.lists(st.integers(0, 30_000), max_size=8)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Cuts and pads nothing, as the reader has it."""
    loaded = Tokenizer.from_file(str(module.TOKENIZER))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


def stretches(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in sentences(text)]


def words(text: str, span: Span) -> str:
    return text[span.start : span.end].strip(" .,")


def cuts_a_word(text: str, span: Span) -> bool:
    return any(re.fullmatch(r"[^\W\d_]{2}", text[max(0, place - 1) : place + 1]) for place in (span.start, span.end))


def test_question_title_and_text_are_read_in_this_order() -> None:
    assert assemble([1, 2], [3], [4, 5]) == ([CLS, 1, 2, SEP, 3, SEP, 4, 5, SEP], [0, 0, 0, 0, 1, 1, 1, 1, 1], 6)


@given(Pieces, Pieces, Pieces)
def test_the_text_begins_where_it_is_said_to(question: list[int], title: list[int], text: list[int]) -> None:
    ids, kinds, offset = assemble(question, title, text)
    assert ids[offset:-1] == text
    assert ids.count(SEP) - [*question, *title, *text].count(SEP) == (3 if title else 2)
    assert kinds == [0] * (len(question) + 2) + [1] * (len(ids) - len(question) - 2)


def best_by_trying(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float32]], encoded: Encoding, within: tuple[int, int]
) -> tuple[float, int, int]:
    """Score, start and end of the best span of whole words, found by looking at each."""
    ids, places = encoded.word_ids, encoded.offsets
    return max(
        (float(scores[first, 0] + scores[last, 1]), places[first][0], places[last][1])
        for first in range(len(ids))
        for last in range(first, min(len(ids), first + SPAN_PIECES))
        if (first == 0 or ids[first - 1] != ids[first]) and (last + 1 == len(ids) or ids[last] != ids[last + 1])
        if within[0] <= places[first][0] and places[last][1] <= within[1]
    )


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40), st.integers(0), st.integers(0), st.integers(0, 2**32))
def test_the_best_span_is_the_best_of_all_whole_words_in_the_stretch(
    tokenizer: Tokenizer, some: list[str], left_out: int, length: int, seed: int
) -> None:
    text = " ".join(some)
    first = left_out % len(some)
    start = len("".join(f"{word} " for word in some[:first]))
    within = (start, start + len(" ".join(some[first : first + 1 + length % len(some)])))
    encoded = tokenizer.encode(text, add_special_tokens=False)
    scores = np.random.default_rng(seed).normal(size=(len(encoded.ids), 2)).astype(np.float32)
    found = best_span(scores, encoded, within)
    assert (found.score, found.start, found.end) == best_by_trying(scores, encoded, within)
    assert not cuts_a_word(text, found)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("How many people were arrested?", POLICE, "2,517"),
        ("When did the operation end?", POLICE, "3 May 2024"),
        ("Who praised the officers?", POLICE, "Jürgen Stock"),
        ("Where did the operation end?", POLICE, "Lyon"),
        ("Who is the mayor of Elsin?", FERRY, "Ilsa Verne"),
        ("How many passengers does the ferry carry?", FERRY, "3,000"),
        ("How much did the library cost?", LIBRARY, "8.4 million crowns"),
        ("Who designed the library?", LIBRARY, "Maria Holt"),
    ],
)
def test_a_plain_question_is_answered_with_the_words_that_say_it(
    reader: Reader, question: str, text: str, answer: str
) -> None:
    whole, *each = reader.read(question, "A report", text, [(0, len(text)), *stretches(text)])
    assert words(text, whole) == answer
    assert whole.score > 0
    assert [one for one in each if one.score > 0] == [max(each, key=lambda one: one.score)] == [whole]


@pytest.mark.parametrize(
    ("question", "text", "unrelated"),
    [
        ("When did the operation end?", POLICE, "What did the goalkeeper eat?"),
        ("Who is the mayor of Elsin?", FERRY, "How many wolves live in the forest?"),
        ("Who designed the library?", LIBRARY, "When was the treaty signed?"),
    ],
)
def test_a_question_that_the_text_does_not_answer_scores_below_none(
    reader: Reader, question: str, text: str, unrelated: str
) -> None:
    right, wrong = (reader.read(asked, "A report", text, [(0, len(text))])[0] for asked in (question, unrelated))
    assert right.score > max(0.0, wrong.score + 2.0)


def test_the_right_words_score_highest_though_another_sentence_competes(reader: Reader) -> None:
    whole, *each = reader.read("What is the ferry fare?", "A report", FERRY, [(0, len(FERRY)), *stretches(FERRY)])
    assert words(FERRY, whole) == "14 crowns"
    assert whole == max(each, key=lambda one: one.score)


def test_the_title_is_read_but_never_answers(reader: Reader) -> None:
    text = "The operation was led from Lyon by a small team of officers."
    question, title = "How many people were arrested?", "2,517 people were arrested"
    with_title, without = (reader.read(question, headed, text, [(0, len(text))])[0] for headed in (title, ""))
    assert with_title.score < 0
    assert 0 <= with_title.start < with_title.end <= len(text)
    assert with_title.score != without.score


def test_a_question_or_title_without_end_is_cut(reader: Reader) -> None:
    question, title = "who " * QUESTION_PIECES, "rain " * TITLE_PIECES
    assert reader.read(question * 9, title * 9, POLICE, WHOLE) == reader.read(question, title, POLICE, WHOLE)


def test_what_lies_beyond_the_window_is_not_read_and_not_chosen(reader: Reader) -> None:
    text = "It rained again on the island. " * 400 + "The mayor is Ilsa Verne."
    first, *_, last = stretches(text)
    read, unread = reader.read("Who is the mayor?", "Rain", text, [first, last])
    assert first[0] <= read.start < read.end <= first[1]
    assert read.score > UNLIKELY
    assert unread == Span(*last, NEVER)


@pytest.mark.parametrize("stretch", [(34, 34), (1, 3), (10_000, 10_010)])
def test_a_stretch_without_a_word_of_its_own_is_given_back_whole(reader: Reader, stretch: tuple[int, int]) -> None:
    (found,) = reader.read("Who praised the officers?", "", POLICE, [stretch])
    assert (found.start, found.end) == stretch
    assert found.score < UNLIKELY


def test_an_empty_text_answers_nothing(reader: Reader) -> None:
    assert reader.read("Who?", "", "", [(0, 0)]) == [Span(0, 0, NEVER)]
    assert reader.read("Who?", "", POLICE, []) == []


def test_neither_other_passages_nor_other_stretches_change_a_reading(reader: Reader) -> None:
    question, each = "When did the operation end?", stretches(POLICE)
    together = reader.read(question, "", POLICE, each)
    assert [reader.read(question, "", POLICE, [one])[0] for one in each] == together
    with ThreadPoolExecutor(4) as threads:  # as an answer is looked for
        texts = [POLICE, FERRY] * 4
        readings = list(threads.map(lambda text: reader.read(question, "", text, stretches(text)), texts))
    assert readings == [together, reader.read(question, "", FERRY, stretches(FERRY))] * 4


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30), st.text(max_size=20), st.one_of(st.text(max_size=80), st.just("na" * 90)))
def test_any_text_can_be_read_and_answers_stay_in_their_stretch(
    reader: Reader, question: str, title: str, text: str
) -> None:
    halves = [(0, len(text) // 2), (len(text) // 2, len(text))]
    for (start, end), found in zip(halves, reader.read(question, title, text, halves), strict=True):
        assert start <= found.start <= found.end <= end


def test_other_weights_than_the_shipped_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "reader.int8.onnx"
    monkeypatch.setattr(module, "WEIGHTS", weights)
    with pytest.raises(ModelError, match="cannot be read"):
        Reader(weights).read("Who?", "", POLICE, WHOLE)
    weights.write_bytes(b"something else")
    with pytest.raises(ModelError, match="is not the reader") as error:
        Reader(weights).read("Who?", "", POLICE, WHOLE)
    assert error.value.hint == "reinstall dateline"


def test_another_tokenizer_than_the_shipped_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "tokenizer.json"
    altered.write_text(module.TOKENIZER.read_text("utf-8") + "\n", "utf-8")
    monkeypatch.setattr(module, "TOKENIZER", altered)
    with pytest.raises(ModelError, match=r"tokenizer\.json is not the reader"):
        Reader().read("Who?", "", POLICE, WHOLE)


def test_opening_the_assistant_loads_the_reader_meanwhile(app: App, news: Path) -> None:
    (news / "ferry.txt").write_text(f"Ferry\n\n{FERRY}\n")
    index(app, news)
    assert app.assistant
    for thread in threading.enumerate():
        if thread.name == "models":
            thread.join()
    assert {"_session", "_tokenizer"} <= set(app.reader.__dict__)


def test_numpy_is_there_before_threads_could_find_it_half_imported(app: App, news: Path) -> None:
    (news / "ferry.txt").write_text(f"Ferry\n\n{FERRY}\n")
    index(app, news)
    program = (
        "import sys; from bot.app import App; from bot.config import Settings; from tests.support import BagOfWords\n"
        "class Noting(BagOfWords):\n"
        "    def load(self): print('loading', 'numpy' in sys.modules)\n"
        "with App(Settings(), Noting()) as app:\n"
        "    print('before', 'numpy' in sys.modules)\n"
        "    app.lookup"
    )
    command = [sys.executable, "-c", program]
    environment = {"DATELINE_HOME": str(app.settings.dateline_home)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert done.stdout == "before False\nloading True\n"


def test_nothing_loads_before_the_first_passage_and_torch_not_even_then() -> None:
    program = (
        "import sys, json; from bot.reader import Reader\n"
        "loaded = [[name for name in json.loads(sys.argv[1]) if name in sys.modules]]\n"
        "reader = Reader(); reader.fingerprint\n"
        "loaded.append([name for name in json.loads(sys.argv[1]) if name in sys.modules])\n"
        "reader.read('Who?', '', 'It rained.', [(0, 10)])\n"
        "loaded.append([name for name in json.loads(sys.argv[1]) if name in sys.modules])\n"
        "print(json.dumps(loaded))"
    )
    heavy = json.dumps(["onnxruntime", "tokenizers", "numpy", "torch", "transformers", "sentence_transformers"])
    command = [sys.executable, "-c", program, heavy]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == [[], [], ["onnxruntime", "tokenizers", "numpy"]]
