"""The paragraphs around an answer's quotations, as pages of text for Discord. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.discord_text import AIM, block, pages, quotation, size, small
from bot.phrases import Say, english
from bot.render_discord import Page, source_line

if TYPE_CHECKING:
    from bot.newsdesk import Context

PARAGRAPH = 2_000  # characters of each that are shown
NONE = english("Nothing that this answer quotes stands in the archive any more.")


def context_pages(contexts: Sequence[Context], say: Say = english) -> list[Page]:
    """Each quotation in bold, within its paragraph, and where it stands."""
    return [Page(text, "") for text in pages([_shown(one, say) for one in contexts] or [[say(NONE)]], AIM)]


def _shown(context: Context, say: Say) -> list[str]:
    cited = context.citation
    place = say("characters {start}–{end}").format(start=cited.start, end=cited.end)
    below = small(f"[{cited.n}] {source_line(cited, say)}, {place}")
    room = AIM - size(f"\n{below}")
    return ["\n".join([block(quotation(context.paragraph, context.start, context.end, room, PARAGRAPH)), below])]
