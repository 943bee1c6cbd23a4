"""An article's revisions to what a person reads in a terminal, and to the JSON that scripts read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from rich.text import Text

from bot.render import article_json, stamp
from bot.worddiff import Change, Op, word_diff
from ingest.records import Article, Revision

CONTEXT = 6  # unchanged words shown on either side of a change
REMOVED = "its text was removed"


def history_text(article: Article, revisions: Sequence[Revision]) -> Text:
    """Each revision with what it changed: `[-before-]{+after+}`, so that it reads without colour too."""
    text = Text().append(f"{article.title or article.id}\n", "bold").append(f"{article.url or article.id}\n", "dim")
    for revision, changes in _steps(revisions):
        text.append(f"\nrevision {revision.number}", "cyan").append(f", fetched {stamp(revision.fetched)}\n")
        text.append_text(_told(revision, changes)).append("\n")
    return text


def history_json(article: Article, revisions: Sequence[Revision]) -> dict[str, Any]:
    """The object that `show --history --json` prints: the newest revision, and under `history` each one's changes."""
    return article_json(article, revisions[-1]) | {
        "history": [
            {
                "revision": revision.number,
                "fetched": stamp(revision.fetched),
                "sha256": revision.sha256,
                "changes": [
                    {"op": change.op, "old": " ".join(change.old), "new": " ".join(change.new)} for change in changes
                ],
            }
            for revision, changes in _steps(revisions)
        ]
    }


def _steps(revisions: Sequence[Revision]) -> Iterator[tuple[Revision, list[Change]]]:
    """Each revision with its changes; the first has none."""
    if revisions:
        yield revisions[0], []
    for before, after in pairwise(revisions):
        yield after, word_diff(before.text.split(), after.text.split())


def _told(revision: Revision, changes: Sequence[Change]) -> Text:
    if not revision.text:
        return Text(REMOVED)
    if not changes:
        return Text(f"as first read, {len(revision.text.split()):,} words")
    if all(change.op is Op.EQUAL for change in changes):
        return Text("only blanks and line breaks changed")
    parts = [_part(change, opens=place == 0, closes=place == len(changes) - 1) for place, change in enumerate(changes)]
    return Text(" ").join(parts)


def _part(change: Change, *, opens: bool, closes: bool) -> Text:
    """One stretch: what is unchanged is shortened to what stands next to a change."""
    if change.op is Op.EQUAL:
        return Text(_shortened(change.old, 0 if opens else CONTEXT, 0 if closes else CONTEXT))
    removed = Text(f"[-{' '.join(change.old)}-]", "strike red") if change.old else Text()
    added = Text(f"{{+{' '.join(change.new)}+}}", "green") if change.new else Text()
    return removed + added


def _shortened(words: Sequence[str], first: int, last: int) -> str:
    """The first and last words, with `…` for those between."""
    if len(words) <= first + last + 1:
        return " ".join(words)
    return " ".join((*words[:first], "…", *words[len(words) - last :]))
