"""The questions and passages that the reader learns from, and the harder ones made of them.

The folder's README describes the files. On top of its questions come two kinds that have no answer: a question
with another passage of the same title, and with the passage that BM25 takes for the best although the answer does
not stand in it.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

# Sources that are much larger than the others are thinned, so that one pass sees more kinds of text.
SHARE = {"squad11_train": 0.6, "squad20_train_unans": 0.6}
SAME_TITLE, LOOKALIKE = 0.06, 0.14  # such questions made, for each answerable one
WITHOUT_MARK = 0.3  # share of questions that lose their question mark: people leave it out
BM25_LOOKED_AT = 4


@dataclass(frozen=True, slots=True)
class Context:
    """A passage and the title it stands under."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question about the n-th context. answer: where it stands in the text, in characters; None when nowhere."""

    question: str
    context: int
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of a development set with all its right spans; none when it has no answer."""

    question: str
    context: int
    answers: tuple[tuple[int, int], ...]


def training_set(folder: Path, random: Random) -> tuple[list[Context], list[Example]]:
    """All contexts, and the examples in random order."""
    contexts, numbers = _contexts(folder / "contexts.jsonl.gz")
    given = [
        Example(row["question"], numbers[row["context"]], tuple(row["answer"]) if row["answer"] else None)
        for row in _rows(folder / "questions.jsonl.gz")
        if random.random() < SHARE.get(row["source"], 1.0)
    ]
    able = [example for example in given if example.answer]
    made = [
        *_under_the_same_title(random.sample(able, round(SAME_TITLE * len(able))), contexts, random),
        *_lookalikes(random.sample(able, round(LOOKALIKE * len(able))), contexts),
    ]
    examples = [
        replace(example, question=example.question.rstrip("?")) if random.random() < WITHOUT_MARK else example
        for example in given + made
    ]
    random.shuffle(examples)
    return contexts, examples


def development_set(folder: Path) -> tuple[list[Context], list[Judged]]:
    """The part of SQuAD 2.0's development set that is not trained on."""
    contexts, numbers = _contexts(folder / "dev_contexts.jsonl.gz")
    judged = [
        Judged(row["question"], numbers[row["context"]], tuple((start, end) for start, end in row["answers"]))
        for row in _rows(folder / "dev_questions.jsonl.gz")
    ]
    return contexts, judged


def _under_the_same_title(
    examples: Sequence[Example], contexts: Sequence[Context], random: Random
) -> Iterator[Example]:
    titled: defaultdict[str, list[int]] = defaultdict(list)
    for number, context in enumerate(contexts):
        titled[context.title].append(number)
    for example in examples:
        other = random.choice(titled[contexts[example.context].title])
        if other != example.context and not _stands_in(example, contexts, other):
            yield Example(example.question, other, None)


def _lookalikes(examples: Sequence[Example], contexts: Sequence[Context]) -> Iterator[Example]:
    """Each question with the best passage by BM25 that does not hold its answer."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for number, context in enumerate(contexts):
        writer.add_document(tantivy.Document(number=number, text=context.text))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    for example in examples:
        query, _ = index.parse_query_lenient("".join(c if c.isalnum() else " " for c in example.question), ["text"])
        hits = searcher.search(query, BM25_LOOKED_AT, count=False).hits
        found = (searcher.doc(address)["number"][0] for _, address in hits)
        others = (number for number in found if number != example.context)
        if (other := next((n for n in others if not _stands_in(example, contexts, n)), None)) is not None:
            yield Example(example.question, other, None)


def _stands_in(example: Example, contexts: Sequence[Context], other: int) -> bool:
    start, end = example.answer or (0, 0)
    return contexts[example.context].text[start:end].casefold() in contexts[other].text.casefold()


def _contexts(file: Path) -> tuple[list[Context], dict[Any, int]]:
    """The contexts, and by id the place of each."""
    rows = list(_rows(file))
    contexts = [Context(str(row["title"]).replace("_", " "), row["text"]) for row in rows]
    return contexts, {row["id"]: number for number, row in enumerate(rows)}


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
