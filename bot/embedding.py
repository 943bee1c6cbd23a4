"""Which embedder a home uses: its model compiled, or as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

from index.embed import SentenceTransformerEmbedder
from index.onnx_embedder import RECIPE, Manifest, OnnxEmbedder
from ingest.errors import ModelError

if TYPE_CHECKING:
    from index.embed import Embedder


class EmbeddingModel:
    """A model by name, and what it was compiled to, once it was. models: the folder of all that were compiled.

    Vectors of one index are made with one of the two, and so are those of the questions put to it.
    """

    def __init__(self, name: str, models: Path) -> None:
        self._stock = SentenceTransformerEmbedder(name)
        self._models = models

    def embedder(self, made_with: str | None) -> Embedder:
        """What goes with vectors of this fingerprint; None: there are none yet.

        Raises:
            ModelError: it was compiled, and that is lost.
        """
        if made_with == self._stock.fingerprint:
            return self._stock
        manifest = Manifest.load(self._folder)
        if manifest and manifest.kind != "none":
            return OnnxEmbedder(self._folder, manifest)
        if made_with and self._is_compiled(made_with) and not manifest:
            raise ModelError("the compiled embedding model is missing", hint="compile it again: dateline reindex")
        return self._stock

    def compile(self, made_with: str | None, announce: Callable[[], None]) -> str:
        """Have it compiled, if it is due for vectors of this fingerprint or for new ones; why it was not, or nothing.

        announce: called before, as it takes long.
        """
        wanted = made_with is None or self._is_compiled(made_with)
        if not wanted or Manifest.load(self._folder):
            return ""
        announce()
        command = [sys.executable, "-P", "-m", "index.compile", self._stock.name, str(self._folder)]
        done = subprocess.run(command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True, check=False)  # noqa: S603
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
            return said[-1].removeprefix("error: ")
        manifest = Manifest.load(self._folder)
        return manifest.reason if manifest else ""

    def _is_compiled(self, fingerprint: str) -> bool:
        return fingerprint.startswith(f"{self._stock.fingerprint}/")

    @cached_property
    def _folder(self) -> Path:
        name = f"{self._stock.fingerprint}/{RECIPE}"
        return self._models / hashlib.sha256(name.encode()).hexdigest()[:16]
