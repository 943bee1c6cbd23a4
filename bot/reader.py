"""The small extractive reader: a question and a passage in, the words that answer out, or nothing.

all-MiniLM-L6-v2 with a head that scores each word piece as start and as end of the answer, trained by
training/train_reader.py, run by onnxruntime. The first piece stands for "it is not said here".
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock, Semaphore
from typing import TYPE_CHECKING

from index.embed import DEFAULT_SHA256
from ingest.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

    Scores = NDArray[np.float32]

MODELS = Path(__file__).parent / "models"
WEIGHTS, TOKENIZER = MODELS / "reader.int8.onnx", MODELS / "tokenizer.json"
WEIGHTS_SHA256 = "a07564265d079c45443eb82ec0a50538b19d31ea7fbee203dfecf92da42136aa"
TOKENIZER_SHA256 = DEFAULT_SHA256["tokenizer.json"]  # the base model's

CLS, SEP = 101, 102  # of the tokenizer's vocabulary
QUESTION_PIECES, TITLE_PIECES = 64, 32
MOST_PIECES = 256  # trained on at most
MOST_PIECES_READ = 384  # what a passage of the index never exceeds
SPAN_PIECES = 30  # longest answer
NEVER = -1e4  # the score of what cannot be


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text, in characters. score: log-odds, natural, of these words against "it is not said here"."""

    start: int
    end: int
    score: float


class Reader:
    """Reads passages; several threads may. The model is loaded when the first is read."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._weights = weights
        self._loading = Lock()
        self._cores = Semaphore(os.cpu_count() or 1)

    @property
    def fingerprint(self) -> str:
        """Names the weights."""
        return f"reader@{WEIGHTS_SHA256[:12]}"

    def load(self) -> None:
        """Load the model, once; who reads does so too."""
        with self._loading:
            _ = self._session, self._tokenizer

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:
        """The words that answer best in each of these stretches of the text.

        title: the headline that the text stands under; it is read, but never answers. within: characters.
        """
        self.load()
        asked, headed, encoded = self._tokenizer.encode_batch([question, title, text], add_special_tokens=False)
        asked_ids, title_ids = asked.ids[:QUESTION_PIECES], headed.ids[:TITLE_PIECES]
        room = MOST_PIECES_READ - len(asked_ids) - len(title_ids) - 4
        ids, kinds, offset = assemble(asked_ids, title_ids, encoded.ids[:room])
        scores = self._scores(ids, kinds)
        return [best_span(scores[offset:-1] - scores[0], encoded, stretch) for stretch in within]

    def _scores(self, ids: list[int], kinds: list[int]) -> Scores:
        """[pieces, 2]: of each piece as start and as end. One passage at a time, so that none changes another's."""
        import numpy as np

        names = ("input_ids", "attention_mask", "token_type_ids")
        rows = (ids, [1] * len(ids), kinds)
        inputs = {name: np.array([row], np.int64) for name, row in zip(names, rows, strict=True)}
        with self._cores:  # more at a time are no faster, and keep the event loop of the bot waiting
            scores: Scores = self._session.run(None, inputs)[0][0]
        return scores

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        if self._weights == WEIGHTS:
            _check(WEIGHTS, WEIGHTS_SHA256)
        options = SessionOptions()
        options.intra_op_num_threads = 1  # a passage; who has several to read does so in threads
        options.log_severity_level = 3  # errors; it warns of hardware that containers hide
        return InferenceSession(str(self._weights), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        _check(TOKENIZER, TOKENIZER_SHA256)
        tokenizer = Tokenizer.from_file(str(TOKENIZER))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def assemble(question: Sequence[int], title: Sequence[int], text: Sequence[int]) -> tuple[list[int], list[int], int]:
    """`[CLS] question [SEP] title [SEP] text [SEP]`, the kind of each piece, and where the text begins.

    Without a title its separator is left out too.
    """
    head = [CLS, *question, SEP]
    body = [*title, SEP] if title else []
    ids = [*head, *body, *text, SEP]
    kinds = [0] * len(head) + [1] * (len(ids) - len(head))
    return ids, kinds, len(head) + len(body)


def best_span(scores: Scores, encoded: Encoding, within: tuple[int, int]) -> Span:
    """The best span of whole words that stands within these characters; the stretch itself, unlikely, when none does.

    scores: [pieces of the text, 2], less those of "it is not said here".
    """
    import numpy as np

    words, offsets = encoded.word_ids, encoded.offsets
    inside = [n for n in range(len(scores)) if within[0] <= offsets[n][0] and offsets[n][1] <= within[1]]
    if not inside:
        return Span(*within, NEVER)
    first, length = inside[0], len(inside)
    opens = [n == 0 or words[n] != words[n - 1] for n in inside]
    closes = [n + 1 == len(words) or words[n] != words[n + 1] for n in inside]
    starts = np.where(opens, scores[inside, 0], NEVER)
    ends = np.where(closes, scores[inside, 1], NEVER)
    sums = starts[:, None] + ends[None, :]
    distance = np.arange(length)[None, :] - np.arange(length)[:, None]
    sums[(distance < 0) | (distance >= SPAN_PIECES)] = NEVER
    begin, end = divmod(int(sums.argmax()), length)
    if sums[begin, end] <= NEVER / 2:  # no whole word stands there
        return Span(*within, NEVER)
    return Span(offsets[first + begin][0], offsets[first + end][1], float(sums[begin, end]))


def _check(file: Path, sha256: str) -> None:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{file.name} cannot be read: {error.strerror}", hint="reinstall dateline") from error
    if found != sha256:
        raise ModelError(f"{file.name} is not the reader that this version was made with", hint="reinstall dateline")
