"""`dateline …` with the bag-of-words embedding, as a process of its own."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bot import cli
from bot.app import App
from tests.support import BagOfWords

ROOT = str(Path(__file__).parents[2])
COMMAND = (sys.executable, "-c", f"import sys; sys.path.insert(0, {ROOT!r}); import tests.bot.child as c; c.main()")


def main() -> None:
    """Run the command that the words after it name."""
    vars(cli)["App"] = partial(App, embedder=BagOfWords())
    cli.main()
