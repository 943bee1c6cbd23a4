"""Texts to vectors with a compiled model (see compile.py), by onnxruntime: torch is not needed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from ingest.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"
RECIPE = 1  # raise it when compile.py begins to make other vectors

Kind = Literal["int8", "float32", "none"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What came of compiling a model.

    source: fingerprint of the model as it was. kind: "none" if it is used as it is, for this reason. sha256: of the
    files beside it, by name. window: word pieces, special tokens excluded. cosine: mean, to the model as it was.
    made_with: versions, by package.
    """

    source: str
    kind: Kind
    reason: str = ""
    sha256: dict[str, str] = field(default_factory=dict)
    window: int = 0
    pooling: str = ""
    cosine: float = 0.0
    made_with: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Names the vectors' kind."""
        return f"{self.source}/{self.kind}-{RECIPE}"

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """The one that lies there, if any.

        Raises:
            ModelError: it cannot be read.
        """
        try:
            return cls(**json.loads((folder / MANIFEST).read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise _damaged(folder, MANIFEST) from error

    def save(self, folder: Path) -> None:
        """Write it down there."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


class OnnxEmbedder:
    """Embeds with a compiled model. folder: where it lies. Several threads may embed.

    One text a run, in one thread: a vector does not depend on what else is embedded, and no padding is computed.
    threads: texts embedded at once, one a core if 0.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, threads: int = 0) -> None:
        self._folder = folder
        self._manifest = manifest
        self._threads = threads or os.cpu_count() or 1
        self._loading = Lock()

    @property
    def fingerprint(self) -> str:
        """Names the model as it was, and what it was compiled to."""
        return self._manifest.fingerprint

    @property
    def window(self) -> int:
        """Word pieces the model reads, special tokens excluded."""
        return self._manifest.window

    def load(self) -> None:
        """Load the model, if it is not."""
        with self._loading:
            _ = self._session, self._reading

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, by the model's own tokenizer."""
        encodings = self._counting.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text, in order."""
        self.load()
        encodings = self._reading.encode_batch_fast(texts)
        # The longest first, so that all threads end at about the same time.
        order = sorted(range(len(texts)), key=lambda place: -len(encodings[place]))
        with ThreadPoolExecutor(self._threads) as pool:
            vectors = pool.map(self._embed, (encodings[place] for place in order))
            found = dict(zip(order, vectors, strict=True))
        return [found[place] for place in range(len(texts))]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        self.load()
        return self._embed(self._reading.encode_batch_fast([text])[0])

    def _embed(self, encoding: Encoding) -> list[float]:
        import numpy as np

        rows = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        inputs = {name: np.array([rows[name]], np.int64) for name in self._inputs}
        pieces = self._session.run(None, inputs)[0][0]  # [pieces, dimensions]
        vector = pieces[0] if self._manifest.pooling == "cls" else pieces.mean(axis=0)
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        self._check(MODEL)
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # errors; it warns of hardware that containers hide
        return InferenceSession(str(self._folder / MODEL), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _inputs(self) -> list[str]:
        return [one.name for one in self._session.get_inputs()]

    @cached_property
    def _counting(self) -> Tokenizer:
        tokenizer = self._tokenizer()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _reading(self) -> Tokenizer:
        tokenizer = self._tokenizer()
        tokenizer.enable_truncation(self.window + tokenizer.num_special_tokens_to_add(is_pair=False))
        return tokenizer

    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        self._check(TOKENIZER)
        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()
        return tokenizer

    def _check(self, name: str) -> None:
        try:
            found = sha256(self._folder / name)
        except OSError as error:
            raise _damaged(self._folder, name) from error
        if found != self._manifest.sha256[name]:
            raise _damaged(self._folder, name)


def sha256(path: Path) -> str:
    """Of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(folder: Path, name: str) -> ModelError:
    message = f"{name} of the compiled embedding model is damaged"
    return ModelError(message, hint=f"delete the folder {folder}, and have it compiled again: dateline reindex")
