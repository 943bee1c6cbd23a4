"""Where an answer is looked for, in which time, and what is read there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.lookup import Stopwatch
from bot.records import Question
from tests.support import Noting, index

NOW = datetime(2024, 11, 27, 12, tzinfo=UTC)


def test_a_passage_that_two_windows_find_is_read_once(app: App, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(4, 21):
        told = (
            f"The harbour of Elsin was quiet on day {day}, and the ferry to the islands left at noon as it always does."
        )
        article = {"title": f"Harbour, day {day}", "text": told, "published": f"2024-11-{day:02}"}
        (news / f"{day}.json").write_text(json.dumps(article))
    index(app, news)
    reader = Noting(app.reader)
    monkeypatch.setattr(app, "reader", reader)
    found, _ = app.lookup.look(Question("who was arrested at the harbour last week?", NOW), Stopwatch())
    assert found.window
    assert len(reader.titles) > len(found.hits)
    assert len(set(reader.titles)) == len(reader.titles)
