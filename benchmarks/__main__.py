"""Speed, size and quality on this machine, side by side with the stock script: `make bench`. Nothing is asserted."""

from __future__ import annotations

import argparse
import importlib
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.corpus import CACHE
from benchmarks.figures import Figure, Options, machine, save

# Each row is a module with `measure(Options)`.
ROWS = {
    "cold": "cold",
    "indexing": "indexing",
    "unchanged": "unchanged",
    "retrieval": "retrieval",
    "answer": "answer",
    "memory": "memory",
    "quality": "quality",
    "web": "web",
    "discord": "discord_load",
    "proof": "proof",
}
SMALL = Options(
    CACHE / "small",
    (1000, 2000),
    questions=10,
    repeats=1,
    passages=60,
    files=200,
    pages=100,
    asked_of_bot=40,
    lines=12,
    bulk=1000,
)
WIDTHS = (76, 22, 22, 9, 0)


def main() -> int:
    """Measure, print, and keep; 1 if a row failed."""
    asked = arguments()
    options = replace(SMALL if asked.small else Options(asked.cache), full_scale=asked.full_scale)
    options.cache.mkdir(parents=True, exist_ok=True)
    rows = asked.rows or list(ROWS)
    note(asked.save, machine())
    show(("", "Dateline", "stock", "", "goal"))
    failed = [name for name in rows if not measured(name, options, asked.save)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return bool(failed)


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="what to measure; everything by default")
    parser.add_argument("--save", type=Path, help="add the figures to this file, as lines of JSON, for benchmarks.plot")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where large homes are kept; delete it to start anew")
    parser.add_argument(
        "--full-scale", type=int, default=0, metavar="PASSAGES", help="index so many with the real model"
    )
    parser.add_argument("--small", action="store_true", help="tiny sizes: whether it runs, not how fast")
    return parser.parse_args()


def measured(name: str, options: Options, file: Path | None) -> bool:
    """Measure a row and print its figures; whether it went well. An error does not keep the other rows out."""
    measure: Callable[[Options], Iterator[Figure]] = importlib.import_module(f"benchmarks.{ROWS[name]}").measure
    started = time.perf_counter()
    try:
        for figure in measure(options):
            show(figure.cells)
            if file:
                save(file, figure)
    except Exception:  # noqa: BLE001 - whatever it is, it is told
        traceback.print_exc()
        return False
    print(f"  ({name} took {time.perf_counter() - started:,.0f} s)", flush=True)
    return True


def note(file: Path | None, text: str) -> None:
    """Print the machine, and keep it with the figures."""
    print(text)
    if file:
        save(file, text)


def show(cells: tuple[str, ...]) -> None:
    """Print one line of the table."""
    print("  ".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
