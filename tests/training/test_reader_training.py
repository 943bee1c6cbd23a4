"""What the reader is trained on: examples, their windows, and the rate at which it learns."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.reader import MOST_PIECES, TOKENIZER
from training.qa_data import Context, Example, development_set, training_set
from training.qa_features import LENGTHS_EVEN, FeatureMaker, in_batches, pad

TOWNS = ["Elsin", "Tollen", "Thornbury", "Eastgate", "Ardle", "Calder", "Sorrel", "Gannet"]


def write(file: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty towns, each with a passage, an answerable question and one that is not."""
    contexts, questions = [], []
    for n in range(40):
        name = f"{TOWNS[n % 8]}{n // 8}"
        text = f"The mayor of {name} opened a bridge. It cost {n + 100} crowns, the council of {name} said."
        contexts.append({"id": f"c{n}", "title": f"Towns_{n % 4}", "source": "x", "text": text})
        start = text.index(str(n + 100))
        asked = {"question": f"What did the bridge of {name} cost?", "context": f"c{n}", "source": "x"}
        questions.append(asked | {"answer": [start, start + 3]})
        questions.append(asked | {"question": f"Who painted the bridge of {name}?", "answer": None})
    write(tmp_path / "contexts.jsonl.gz", contexts)
    write(tmp_path / "questions.jsonl.gz", questions)
    write(tmp_path / "dev_contexts.jsonl.gz", contexts[:1])
    write(tmp_path / "dev_questions.jsonl.gz", [{"question": "What?", "context": "c0", "answers": [[0, 3], [4, 9]]}])
    return tmp_path


def test_harder_questions_without_an_answer_are_made_of_those_with_one(folder: Path) -> None:
    contexts, examples = training_set(folder, Random(7))
    given_ones = [one for one in examples if one.answer or one.question.startswith("Who")]
    made = [one for one in examples if one not in given_ones]
    assert len(given_ones) == 80
    assert made
    for one in made:
        town = one.question.removeprefix("What did the bridge of ").removesuffix("?").removesuffix(" cost")
        assert town not in contexts[one.context].text


def test_the_same_seed_gives_the_same_examples(folder: Path) -> None:
    assert training_set(folder, Random(7)) == training_set(folder, Random(7))
    assert training_set(folder, Random(7)) != training_set(folder, Random(8))


def test_the_development_set_keeps_all_right_spans(folder: Path) -> None:
    contexts, judged = development_set(folder)
    assert contexts[0].title == "Towns 0"
    assert judged[0].answers == ((0, 3), (4, 9))


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 10**6))
def test_a_window_holds_the_answer_whole(before: int, after: int, seed: int) -> None:
    text = "word " * before + "forty two" + " word" * after
    contexts = [Context("A title", text)]
    start = 5 * before
    example = Example("How many?", 0, (start, start + len("forty two")))
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    features = FeatureMaker(tokenizer, contexts).make(example, Random(seed))
    assert len(features.ids) == len(features.kinds) <= MOST_PIECES
    assert features.start in features.allowed
    assert features.end in features.allowed
    assert tokenizer.decode(features.ids[features.start : features.end + 1]) == "forty two"


def test_an_unanswerable_question_points_at_the_first_piece(folder: Path) -> None:
    contexts, examples = training_set(folder, Random(7))
    maker = FeatureMaker(Tokenizer.from_file(str(TOKENIZER)), contexts)
    made = [maker.make(one, Random(1)) for one in examples if one.answer is None]
    assert {(one.start, one.end) for one in made} == {(0, 0)}


def test_batches_hold_every_example_once_and_are_padded_evenly(folder: Path) -> None:
    contexts, examples = training_set(folder, Random(7))
    maker = FeatureMaker(Tokenizer.from_file(str(TOKENIZER)), contexts)
    features = [maker.make(one, Random(1)) for one in examples]
    batches = list(in_batches(iter(features), 16, Random(1)))
    assert sorted(id(one) for batch in batches for one in batch) == sorted(map(id, features))
    arrays = pad(batches[0])
    assert arrays["ids"].shape[1] % LENGTHS_EVEN == 0
    assert arrays["mask"].sum() == sum(len(one.ids) for one in batches[0])
    assert arrays["allowed"][:, 0].all()


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    from training.train_reader import Recipe

    recipe = Recipe(examples=1000, decay=200, warmup=100, rate=1.0)
    rates = [recipe.rate_at(seen) for seen in range(0, 1001, 50)]
    assert rates[0] < rates[1] < rates[2] == rates[15] == 1.0
    assert rates[-4:] == [0.75, 0.5, 0.25, 0.0]
