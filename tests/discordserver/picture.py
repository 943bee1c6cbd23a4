"""A message of a bot as Discord's dark theme shows it, drawn from its payload.

draw(asked.wait_response().payload(), Path("answer.png"))  # content, embeds' descriptions and footers, buttons
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from tests.discordserver.interactions import COMMAND
from tests.discordserver.markdown import Block, Kind, Run, parse, wrap
from tests.discordserver.messages import EPHEMERAL

SCALE, FINE = 2, 4  # pixels to a unit; a shape is drawn so much larger, and shrunk to smooth its edges
WIDTH, LEFT, MARGIN, GAP = 760.0, 72.0, 16.0, 8.0
WIDEST_EMBED, BAR, PADDING = 640.0, 4.0, 14.0
AVATAR, EMOJI, SHADE = 40.0, 18.0, 3.0
INDENTS = {Block.QUOTE: 14.0, Block.ITEM: 18.0}

GROUND, PANEL, PLAIN_BAR, QUOTE_BAR = "#313338", "#2b2d31", "#1e1f22", "#4e5058"
BRIGHT, TEXT, MUTED, LINK, SKIN, BRAND = "#f2f3f5", "#dbdee1", "#949ba4", "#00a8fc", "#ffcc4d", "#c8412b"
BLURPLE, DISABLED, DAY_SHADE, COMMAND_SHADE = "#5865f2", "#414349", "#3f4147", "#3c4270"
BUTTONS = {1: BLURPLE, 2: "#4e5058", 3: "#248046", 4: "#da373c"}
THUMBS = {"👍": False, "👎": True}  # whether it points down

Box = tuple[float, float, float, float]
Shape = Callable[[ImageDraw.ImageDraw, float], None]  # given the pixels of a unit


@dataclass(frozen=True, slots=True)
class Look:
    """How text is set. leading: the height of a row."""

    size: float
    leading: float
    colour: str
    bold: bool = False

    def width(self, run: Run) -> float:
        """How wide a run is; a day has a shade around it."""
        return self.font(run).getlength(run.text) / SCALE + 2 * SHADE * (run.kind is Kind.DAY)

    def font(self, run: Run) -> ImageFont.FreeTypeFont:
        """What a run is set in."""
        return _font("DejaVuSans-Bold" if self.bold or run.bold else "DejaVuSans", self.size)


CONTENT, DESCRIPTION = Look(14.5, 22, TEXT), Look(13, 20, TEXT)
SMALL, FOOTER, ONLY_YOU = Look(11, 18, MUTED), Look(10.5, 16, MUTED), Look(11, 16, MUTED)
NAME, TIME = Look(14, 22, BRIGHT, bold=True), Look(11, 22, MUTED)
BADGE, LABEL = Look(8.5, 15, BRIGHT, bold=True), Look(13, 32, BRIGHT)
INITIAL, QUOTE_MARK = Look(9, 16, BRIGHT, bold=True), Look(38, 40, BRIGHT, bold=True)
USED, USER, USED_COMMAND = Look(12, 18, MUTED), Look(12, 18, BRIGHT), Look(12, 18, "#c9cdfb")


class Canvas:
    """A picture in the making, measured in units from its left top corner."""

    def __init__(self, height: float) -> None:
        self.image = Image.new("RGB", (round(WIDTH * SCALE), round(height * SCALE)), GROUND)
        self._pen = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, look: Look) -> float:
        """Set one run; where it ends."""
        return self.runs(x, y, [Run(text)], look)

    def runs(self, x: float, y: float, runs: Sequence[Run], look: Look) -> float:
        """Set runs in a row whose top is y; where they end."""
        baseline = y + look.leading / 2 + look.size * 0.364  # half of the height of a capital
        for run in runs:
            shade = SHADE if run.kind is Kind.DAY else 0.0
            if shade:
                self.box((x, y + 1, look.width(run), look.leading - 2), DAY_SHADE, 3)
            fill = LINK if run.kind is Kind.LINK else look.colour
            self._pen.text(((x + shade) * SCALE, baseline * SCALE), run.text, fill, look.font(run), anchor="ls")
            x += look.width(run)
        return x

    def box(self, box: Box, fill: str, radius: float) -> None:
        """Fill a rectangle with round corners."""
        self.stamp(box, fill, _rounded(*box[2:], radius))

    def stamp(self, box: Box, fill: str, shape: Shape, *, down: bool = False) -> None:
        """Fill a shape, as much of it as the box holds. down: whether it stands on its head."""
        x, y, *size = (round(edge * SCALE) for edge in box)
        mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
        shape(ImageDraw.Draw(mask), SCALE * FINE)
        if down:
            mask = mask.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        self.image.paste(fill, (x, y), mask.resize((size[0], size[1]), Image.Resampling.BOX))


class Row(NamedTuple):
    """A row of text. bullet: whether an item begins with it."""

    runs: Sequence[Run]
    look: Look
    block: Block = Block.PROSE
    bullet: bool = False

    @property
    def width(self) -> float:
        return INDENTS.get(self.block, 0.0) + sum(map(self.look.width, self.runs))


class Part(NamedTuple):
    """Something that stands below what comes before it. paint: draws it from this y on."""

    height: float
    paint: Callable[[Canvas, float], object]


def draw(payload: Mapping[str, Any], path: Path, *, now: datetime | None = None, command: str = "ask") -> None:
    """Draw a message as a .png. now: the reader's clock, in the reader's zone. command: which one was used, if any."""
    parts = list(_parts(payload, now or datetime.now(UTC), command))
    canvas = Canvas(2 * MARGIN + sum(part.height for part in parts) + GAP * (len(parts) - 1))
    y = MARGIN
    for part in parts:
        part.paint(canvas, y)
        y += part.height + GAP
    canvas.image.save(path)


def _parts(payload: Mapping[str, Any], now: datetime, command: str) -> Iterator[Part]:
    zone = now.tzinfo or UTC
    answered = payload.get("interaction_metadata") or {}
    if answered.get("type") == COMMAND:
        yield _used(answered["user"], command)
    yield _head(payload, now)
    if payload["content"]:
        yield _text(_rows(payload["content"], WIDTH - LEFT - MARGIN, CONTENT, zone), LEFT)
    yield from (_embed(embed, zone) for embed in payload["embeds"])
    yield from (_buttons(row["components"]) for row in payload["components"])
    if payload["flags"] & EPHEMERAL:
        yield Part(ONLY_YOU.leading, _only_you)


def _used(user: Mapping[str, Any], command: str) -> Part:
    """The line that says who used a command, with a curve from it down to the avatar."""

    def curve(pen: ImageDraw.ImageDraw, unit: float) -> None:
        pen.rounded_rectangle((0, 0, 80 * unit, 80 * unit), 6 * unit, outline=255, width=round(2 * unit))

    def paint(canvas: Canvas, y: float) -> None:
        middle = y + USED.leading / 2
        canvas.stamp((MARGIN + AVATAR / 2 - 1, middle - 1, 32, 15), QUOTE_BAR, curve)
        canvas.box((LEFT, middle - 8, 16, 16), BLURPLE, 8)
        name = user["global_name"] or user["username"]
        canvas.text(LEFT + 4.3, middle - 8, name[0].upper(), INITIAL)
        x = canvas.text(LEFT + 21, y, name, USER)
        x = canvas.text(x, y, " used ", USED) + 4
        canvas.box((x - 4, y, USED_COMMAND.width(Run(f"/{command}")) + 8, USED.leading), COMMAND_SHADE, 3)
        canvas.text(x, y, f"/{command}", USED_COMMAND)

    return Part(USED.leading, paint)


def _head(payload: Mapping[str, Any], now: datetime) -> Part:
    """The avatar, the name with its badge, and the time."""
    sent = datetime.fromisoformat(payload["timestamp"]).astimezone(now.tzinfo)
    shown = f"Today at {sent:%H:%M}" if sent.date() == now.date() else f"{sent:%d/%m/%Y %H:%M}"

    def paint(canvas: Canvas, y: float) -> None:
        canvas.box((MARGIN, y, AVATAR, AVATAR), BRAND, AVATAR / 2)
        canvas.text(MARGIN + 9.5, y + 8.5, "“", QUOTE_MARK)
        x = canvas.text(LEFT, y, payload["author"]["username"], NAME) + 5
        canvas.box((x, y + 4, BADGE.width(Run("APP")) + 10, BADGE.leading), BLURPLE, 3)
        x = canvas.text(x + 5, y + 4, "APP", BADGE) + 11
        canvas.text(x, y, shown, TIME)

    return Part(NAME.leading, paint)


def _rows(text: str, width: float, look: Look, zone: tzinfo) -> list[Row]:
    """Markdown as rows no wider than this."""
    rows = []
    for line in parse(text, zone):
        set_as = SMALL if line.block is Block.SMALL else look
        wrapped = wrap(line.runs, width - INDENTS.get(line.block, 0.0), set_as.width)
        rows += [Row(runs, set_as, line.block, line.block is Block.ITEM and not n) for n, runs in enumerate(wrapped)]
    return rows


def _text(rows: Sequence[Row], x: float) -> Part:
    def paint(canvas: Canvas, y: float) -> None:
        for block, alike in groupby(rows, key=lambda row: row.block):
            group = list(alike)
            if block is Block.QUOTE:
                canvas.box((x, y, 4, sum(row.look.leading for row in group)), QUOTE_BAR, 2)
            for row in group:
                if row.bullet:
                    canvas.box((x + 6, y + row.look.leading / 2 - 2, 5, 5), row.look.colour, 2.5)
                canvas.runs(x + INDENTS.get(block, 0.0), y, row.runs, row.look)
                y += row.look.leading

    return Part(sum(row.look.leading for row in rows), paint)


def _embed(embed: Mapping[str, Any], zone: tzinfo) -> Part:
    """The description and the footer on a panel no wider than they are, with a coloured bar."""
    room = WIDEST_EMBED - BAR - 2 * PADDING
    rows = _rows(embed.get("description", ""), room, DESCRIPTION, zone)
    small = [Row(runs, FOOTER) for runs in wrap([Run(embed.get("footer", {}).get("text", ""))], room, FOOTER.width)]
    texts = [_text(group, LEFT + BAR + PADDING) for group in (rows, small) if any(row.runs for row in group)]
    width = BAR + 2 * PADDING + max(row.width for row in [*rows, *small])
    height = 2 * PADDING + sum(text.height for text in texts) + GAP * (len(texts) - 1)

    def paint(canvas: Canvas, y: float) -> None:
        colour = f"#{embed['color']:06x}" if embed.get("color") is not None else PLAIN_BAR
        panel = _rounded(width, height, BAR)
        canvas.stamp((LEFT, y, width, height), PANEL, panel)
        canvas.stamp((LEFT, y, BAR, height), colour, panel)
        y += PADDING
        for text in texts:
            text.paint(canvas, y)
            y += text.height + GAP

    return Part(height, paint)


def _buttons(buttons: Sequence[Mapping[str, Any]]) -> Part:
    def paint(canvas: Canvas, y: float) -> None:
        x = LEFT
        for button in buttons:
            x = _button(canvas, x, y, button) + GAP

    return Part(LABEL.leading, paint)


def _button(canvas: Canvas, x: float, y: float, button: Mapping[str, Any]) -> float:
    """Draw a button; where it ends."""
    pieces = _pieces(button)
    written = sum(map(_wide, pieces))
    width = max(60.0, written + 32)
    usable = not button.get("disabled")
    canvas.box((x, y, width, LABEL.leading), BUTTONS[button["style"]] if usable else DISABLED, 4)
    at = x + (width - written) / 2
    for piece in pieces:
        if piece in THUMBS:
            box = (at, y + (LABEL.leading - EMOJI) / 2, EMOJI, EMOJI)
            canvas.stamp(box, SKIN, _thumb, down=THUMBS[piece])
        else:
            canvas.text(at, y, piece, LABEL if usable else replace(LABEL, colour=MUTED))
        at += _wide(piece)
    return x + width


def _pieces(button: Mapping[str, Any]) -> list[str]:
    """The emoji and the label, cut into what is written and what is drawn."""
    shown = " ".join(filter(None, [(button.get("emoji") or {}).get("name"), button.get("label")]))
    return [piece for piece in re.split(f"([{''.join(THUMBS)}])", shown) if piece]


def _wide(piece: str) -> float:
    return EMOJI if piece in THUMBS else LABEL.width(Run(piece))


def _rounded(width: float, height: float, radius: float) -> Shape:
    edges = (0, 0, width, height)
    return lambda pen, unit: pen.rounded_rectangle([edge * unit for edge in edges], radius * unit, fill=255)


def _thumb(pen: ImageDraw.ImageDraw, unit: float) -> None:
    """A fist with its thumb up, on a square of 18 units."""
    pen.rounded_rectangle([edge * unit for edge in (1.5, 7.4, 13, 17.2)], 3.2 * unit, fill=255)
    thumb = ((2.5, 10), (7, 5.5), (7.6, 1.8), (8.8, 0.8), (10.4, 1.6), (10.9, 3.8), (10, 8), (11, 10))
    pen.polygon([(x * unit, y * unit) for x, y in thumb], fill=255)
    for top, right in ((7.4, 16.6), (9.9, 17.2), (12.4, 16.7), (14.9, 15.4)):
        pen.rounded_rectangle([edge * unit for edge in (8, top, right, top + 2.3)], 1.1 * unit, fill=255)
        pen.rectangle([edge * unit for edge in (10.5, top + 2.25, right, top + 2.55)], fill=0)


def _only_you(canvas: Canvas, y: float) -> None:
    """What stands below a message that one person sees."""

    def eye(pen: ImageDraw.ImageDraw, unit: float) -> None:
        pen.ellipse((0, 2 * unit, 14 * unit, 11 * unit), fill=255)
        pen.ellipse((2 * unit, 3.5 * unit, 12 * unit, 9.5 * unit), fill=0)
        pen.ellipse((5 * unit, 4.5 * unit, 9 * unit, 8.5 * unit), fill=255)

    canvas.stamp((LEFT, y + 1.5, 14, 13), MUTED, eye)
    x = canvas.text(LEFT + 19, y, "Only you can see this • ", ONLY_YOU)
    canvas.text(x, y, "Dismiss message", replace(ONLY_YOU, colour=LINK))


@lru_cache
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf")), size * SCALE)
