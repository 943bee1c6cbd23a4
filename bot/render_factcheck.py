"""The findings on a message as a page of text for Discord, within its limits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.bearing import Stance
from bot.discord_text import AIM, bold, cut, pages, size
from bot.factcheck import Finding
from bot.phrases import Say, english
from bot.records import Citation
from bot.render_discord import Page, source

CLAIM = 200  # characters of each
MARKS = {Stance.SUPPORTED: "✅", Stance.CONFLICT: "❌", Stance.UNKNOWN: "❔"}
NOTHING = english("This message states nothing that could be compared with reports.")
FOOTER = english("compared with the reports by wording, not by understanding")


def factcheck_page(findings: Sequence[Finding], say: Say = english) -> Page:
    """Each claim with what the reports say to it, and the report's own words."""
    if not findings:
        return Page(say(NOTHING), "")
    room = AIM // len(findings)
    text, *more = pages([[_finding(finding, room, say)] for finding in findings], AIM)
    return Page(f"{text}\n…" if more else text, say(FOOTER))


def _finding(finding: Finding, room: int, say: Say) -> str:
    told = f"{bold(cut(finding.claim, CLAIM))}\n{MARKS[finding.stance]} {say(finding.stance)}"
    return f"{told}\n{_quoted(finding.citation, room - size(told) - 3, say)}" if finding.citation else told


def _quoted(citation: Citation, room: int, say: Say) -> str:
    """The quotation with its source; an address that would take the room of the words is left out."""
    unlinked = replace(citation, link="", url="")
    shown = (source(one, room, say) for one in (citation, replace(citation, link=""), unlinked))
    return next((text for text in shown if size(text) <= room), source(replace(unlinked, also=()), room, say))
