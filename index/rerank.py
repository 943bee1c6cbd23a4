"""An optional second opinion on the order of passages: a cross-encoder of sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from index.records import Hit
from ingest.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    """What orders hits anew."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits, best first."""
        ...


class CrossEncoderReranker:
    """Reads question and passage together. name: a folder, or a cached hub name; it loads at the first question."""

    def __init__(self, name: str) -> None:
        self._name = name

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits, best first.

        Raises:
            ModelError: the model cannot be loaded.
        """
        if not hits:
            return []
        scores = self._model.predict([(question, f"{hit.passage.header}\n{hit.passage.text}") for hit in hits])
        ranked = sorted(zip(scores, hits, strict=True), key=lambda pair: -float(pair[0]))
        return [hit for _, hit in ranked]

    @cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(self._name, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the reranker {self._name!r} cannot be loaded: {str(error).partition(chr(10))[0]}",
                hint="nothing is downloaded at run time: RERANKER_MODEL is a folder, or a model already in the cache",
            ) from error
        return model
