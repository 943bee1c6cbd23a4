"""From a checkpoint to the file that is shipped: ONNX, fused, int8, scored, and described in a card.

    python -m training.export_reader --data FOLDER [--out FOLDER]

Writes bot/models/reader.int8.onnx and its tokenizer, and prints what its card and bot/reader.py must say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from bot import reader
from bot.scores import exact, f1
from index.embed import default_model_folder
from training.qa_data import development_set
from training.train_reader import SpanModel, load

NULL_AT = 0.0  # SQuAD's own question: is a span better than none


class Exported(torch.nn.Module):
    """The model under the input names that BERT's have everywhere."""

    def __init__(self, model: SpanModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """All [batch, pieces]."""
        scores: torch.Tensor = self.model(input_ids, attention_mask, token_type_ids)
        return scores


def export(model: SpanModel, folder: Path) -> tuple[Path, Path]:
    """The fused float32 file and the int8 one."""
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.optimizer import optimize_model

    config = model.bert.config
    plain, fused, small = (folder / name for name in ("plain.onnx", "fused.onnx", "int8.onnx"))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = torch.ones((2, 16), dtype=torch.int64)
    model.bert.set_attn_implementation("eager")  # the pattern that the optimizer knows as attention
    axes = {name: {0: "batch", 1: "pieces"} for name in [*names, "scores"]}
    torch.onnx.export(
        Exported(model).eval(),
        (example, example, example),
        str(plain),
        input_names=names,
        output_names=["scores"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    bert = optimize_model(str(plain), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size)
    print(bert.get_fused_operator_statistics())
    bert.save_model_to_file(str(fused))
    # Shapes are not inferred through the fused operators, so the type of what they give is told.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(fused, small, per_channel=True, weight_type=QuantType.QInt8, extra_options=options)
    return fused, small


def squad_scores(weights: Path, data: Path) -> dict[str, float]:
    """Exact match and F1 on the development set, 0..100, answerable and unanswerable questions together."""
    contexts, questions = development_set(data)
    its_reader = reader.Reader(weights)
    exacts, f1s = [], []
    for question in questions:
        context = contexts[question.context]
        best = its_reader.read(question.question, context.title, context.text, [(0, len(context.text))])[0]
        predicted = context.text[best.start : best.end] if best.score > NULL_AT else ""
        references = [context.text[start:end] for start, end in question.answers]
        exacts.append(exact(predicted, references))
        f1s.append(f1(predicted, references))
    return {"questions": len(questions), "exact": 100 * _mean(exacts), "f1": 100 * _mean(f1s)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def main() -> None:
    """Export, score both, install the small one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with dev_questions.jsonl.gz")
    parser.add_argument("--out", type=Path, default=Path("training/runs/reader"), help="where the checkpoint is")
    options = parser.parse_args()
    reader.MODELS.mkdir(exist_ok=True)
    shutil.copy(default_model_folder() / "tokenizer.json", reader.TOKENIZER)
    model = SpanModel(default_model_folder(), dropout=0.0)
    seen = load(options.out, model)
    with TemporaryDirectory() as scratch:
        fused, small = export(model.eval(), Path(scratch))
        shutil.copy(small, reader.WEIGHTS)
        figures = {"float32": squad_scores(fused, options.data), "int8": squad_scores(small, options.data)}
    made_with = json.loads((options.out / "recipe.json").read_text("utf-8"))
    digest = hashlib.sha256(reader.WEIGHTS.read_bytes()).hexdigest()
    print(json.dumps({"examples": seen, "sha256": digest, "made with": made_with, **figures}, indent=2))


if __name__ == "__main__":
    main()
