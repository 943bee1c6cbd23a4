"""Compile an embedding model: from torch to a small ONNX file that onnx_embedder.py runs.

    python -m index.compile NAME FOLDER [--exact]

A process of its own, so that whoever has it compiled never loads torch. It exports the encoder, fuses its operators,
makes the weights int8 (one scale a channel), and checks its vectors against the model's own. Where int8 is too far off
it stays with float32, and where that is too, the model is used as it is: the manifest says so, that it is not tried
again. --exact: float32 at once.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import warnings
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embed import SentenceTransformerEmbedder
from index.onnx_embedder import MODEL, TOKENIZER, Kind, Manifest, OnnxEmbedder, sha256
from ingest.errors import DatelineError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Mean cosine to the model's own vectors. all-MiniLM-L6-v2 reaches 0.99 and 1.0.
LEAST_COSINE: Mapping[Kind, float] = {"int8": 0.98, "float32": 0.999}
OPSET = 17
# Stays float32: what goes into it is of so uneven a size that a fifth of all that int8 loses is lost in this product.
KEPT_EXACT = "/bert/encoder/layer.0/output/dense/MatMul"
SENTENCES = [
    "how many flights were screened?",
    "Who was elected mayor of Thornbury on Sunday?",
    "when does the new railway line open",
    "Floods after two days of rain displaced 1,200 people in the Ardle valley, the regional government said.",
    "The central bank raised its key interest rate by a quarter of a percentage point, to 4.5 per cent.",
    "Police from 116 countries took part in the operation, in which 2,517 people were arrested.",
    "“We did not expect this,” said the minister, who has been in office since March. “Nobody did.”",
    "The company will close two of its five plants; about 3,000 jobs are at risk.",
    "Researchers counted 73 wolves in the national park last winter, nine more than the year before.",
    "The home side won 3–1 after extra time, and meets the champions in the final on 2 June.",
    "Court overturns ban on diesel cars · The Daily · 3 Nov 2024\nThe ruling cannot be appealed.",
    "Voters in the canton rejected the new airport by a narrow margin.",
]


class CannotCompileError(Exception):
    """The model is one to be used as it is; the message says why."""


def compile_model(name: str, folder: Path, least: Mapping[Kind, float] = LEAST_COSINE) -> Manifest:
    """Compile the model into the folder, unless that was done already. name: as EMBEDDING_MODEL.

    least: the kinds to try, in this order, and from which mean cosine to the model's own vectors each is good enough.

    Raises:
        ModelError: the model cannot be loaded.
    """
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if manifest := Manifest.load(folder):
            return manifest
        scratch = folder.with_suffix(".unfinished")
        shutil.rmtree(scratch, ignore_errors=True)  # of one that was killed
        (scratch / "done").mkdir(parents=True)
        try:
            manifest = _compile(SentenceTransformerEmbedder(name), scratch, least)
            manifest.save(scratch / "done")
            (scratch / "done").rename(folder)
        finally:
            shutil.rmtree(scratch)
    return manifest


def _compile(stock: SentenceTransformerEmbedder, scratch: Path, least: Mapping[Kind, float]) -> Manifest:
    """The manifest of the files in the scratch folder's `done`."""
    made_with = {package: version(package) for package in ("torch", "onnxruntime", "onnx", "sentence-transformers")}
    manifest = Manifest(stock.fingerprint, "none", window=stock.window, made_with=made_with)
    model = stock.model
    try:
        manifest = replace(manifest, pooling=_pooling(model))
        wanted = stock.embed_documents(SENTENCES)
        _write_float32(model, scratch / "float32.onnx")
    except CannotCompileError as error:
        return replace(manifest, reason=str(error))
    model.tokenizer.backend_tokenizer.save(str(scratch / "done" / TOKENIZER), pretty=False)
    for kind, enough in least.items():
        made = _made(manifest, kind, scratch)
        found = OnnxEmbedder(scratch / "done", made).embed_documents(SENTENCES)
        made = replace(made, cosine=_mean_cosine(wanted, found))
        if made.cosine >= enough:
            return made
    for file in (scratch / "done").iterdir():
        file.unlink()
    return replace(manifest, reason=f"compiled, it gives other vectors: mean cosine {made.cosine:.3f}")


def _pooling(model: SentenceTransformer) -> str:
    """ "mean" or "cls": how the model makes one vector of a text's pieces."""
    import torch

    if torch.cuda.is_available():
        raise CannotCompileError("a GPU is used")
    modules = [type(module).__name__ for module in model]
    if modules[:2] != ["Transformer", "Pooling"] or modules[2:] not in ([], ["Normalize"]):
        raise CannotCompileError(f"its modules are {', '.join(modules)}")
    pooling = str(getattr(model[1], "pooling_mode", "unknown"))
    if pooling not in {"mean", "cls"}:
        raise CannotCompileError(f"its pooling is {pooling}")
    if model.default_prompt_name:
        raise CannotCompileError("it puts a prompt before each text")
    return pooling


def _write_float32(model: SentenceTransformer, file: Path) -> None:
    """Write the encoder: ids, [batch, pieces], to hidden states, [batch, pieces, dimensions]."""
    from onnxruntime.transformers.optimizer import optimize_model

    bert: Any = model[0].auto_model
    plain = file.with_name("plain.onnx")
    try:
        _export(bert, list(model.tokenizer.model_input_names), plain)
        heads, hidden = bert.config.num_attention_heads, bert.config.hidden_size
        optimize_model(str(plain), "bert", num_heads=heads, hidden_size=hidden).save_model_to_file(str(file))
    except (OSError, MemoryError):
        raise
    except Exception as error:  # the errors of exporters share no base class
        raise CannotCompileError(f"it cannot be exported: {(str(error) or repr(error)).splitlines()[0]}") from error


def _export(bert: Any, names: list[str], file: Path) -> None:
    """Write it as torch has it. names: of its inputs."""
    import torch

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.bert(**dict(zip(names, inputs, strict=True))).last_hidden_state
            return hidden

    bert.set_attn_implementation("eager")  # the pattern that the optimizer knows as attention
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of itself, and of what it traces
        torch.onnx.export(
            Encoder().eval(),
            tuple(torch.ones((2, 16), dtype=torch.int64) for _ in names),
            str(file),
            input_names=names,
            output_names=["pieces"],
            dynamic_axes={name: {0: "batch", 1: "pieces"} for name in [*names, "pieces"]},
            opset_version=OPSET,
            dynamo=False,
        )


def _made(manifest: Manifest, kind: Kind, scratch: Path) -> Manifest:
    """Write the model of this kind into `done`; the manifest with the hashes of what lies there."""
    done = scratch / "done"
    if kind == "int8":
        _quantize(scratch / "float32.onnx", done / MODEL)
    else:
        shutil.copy(scratch / "float32.onnx", done / MODEL)
    return replace(manifest, kind=kind, sha256={name: sha256(done / name) for name in (MODEL, TOKENIZER)})


def _quantize(source: Path, target: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Shapes are not inferred through the fused operators, so the type of what they give is told.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    # reduce_range: seven bits, as sums of eight overflow on processors without VNNI. So all give the same vectors.
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[KEPT_EXACT],
        extra_options=options,
    )


def _mean_cosine(wanted: list[list[float]], found: list[list[float]]) -> float:
    """Of unit vectors, pair by pair."""
    import numpy as np

    return float((np.array(wanted) * np.array(found)).sum(axis=1).mean())


def main() -> None:
    """Compile; what went wrong is one line on stderr."""
    parser = argparse.ArgumentParser(description="Compile an embedding model.")
    parser.add_argument("name", help="a sentence-transformers model: the packaged default, a folder, or a cached name")
    parser.add_argument("folder", type=Path, help="where to put it")
    parser.add_argument("--exact", action="store_true", help="float32, not int8")
    options = parser.parse_args()
    logging.disable()
    try:
        least: Mapping[Kind, float] = {"float32": LEAST_COSINE["float32"]} if options.exact else LEAST_COSINE
        compile_model(options.name, options.folder, least)
    except (DatelineError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
