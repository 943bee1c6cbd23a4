"""Discord's limits on what a bot sends, checked as Discord does: every error at once, each where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.discordserver.components import check_components, check_layout
from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.form import Form
from tests.discordserver.messages import COMPONENTS_V2, State

CONTENT, EMBEDS, FILES, FILE_BYTES = 2000, 10, 10, 10 * 1024 * 1024
TITLE, DESCRIPTION, FIELDS, NAME, VALUE, FOOTER, AUTHOR, ALL_EMBEDS = 256, 4096, 25, 256, 1024, 2048, 256, 6000
EMBED_URL = 2048
MENTIONS = {"users", "roles", "everyone"}


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that broke Discord's rules. where: the part of its body, else empty."""

    route: str
    where: str
    message: str


def check_message(body: Json, flags: int) -> None:
    """Raise unless Discord takes this body. flags: what the message has after it."""
    form = Form()
    embeds: Sequence[Json] = body.get("embeds") or ()
    if flags & COMPONENTS_V2:
        for name in ("content", "embeds"):
            if body.get(name):
                form.at(name).refuse(
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
        check_layout(form.at("components"), body.get("components") or ())
    else:
        form.at("content").text(body.get("content") or "", CONTENT)
        check_components(form.at("components"), body.get("components") or ())
    form.at("embeds").count(embeds, EMBEDS)
    for number, embed in enumerate(embeds):
        _check_embed(form.at("embeds", number), embed)
    if (total := sum(_size(embed) for embed in embeds)) > ALL_EMBEDS:
        form.at("embeds").refuse(
            "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {ALL_EMBEDS} (it is {total})"
        )
    _check_mentions(form.at("allowed_mentions"), body.get("allowed_mentions") or {})
    form.close()


def check_result(state: State) -> None:
    """Raise if a message that shows this shows nothing, or has more files than a message may."""
    form = Form()
    form.at("attachments").count(state.attachments, FILES)
    form.close()
    if any(len(attachment.data) > FILE_BYTES for attachment in state.attachments):
        raise DiscordError(40005)
    embeds = any(_size(embed) or {"image", "thumbnail", "video"} & embed.keys() for embed in state.embeds)
    if not (state.content.strip() or embeds or state.components or state.attachments):
        raise DiscordError(50006)


def _check_embed(form: Form, embed: Json) -> None:
    form.at("title").text(embed.get("title", ""), TITLE)
    form.at("description").text(embed.get("description", ""), DESCRIPTION)
    fields: Sequence[Json] = embed.get("fields", ())
    form.at("fields").count(fields, FIELDS)
    for number, part in enumerate(fields):
        form.at("fields", number, "name").text(part.get("name", ""), NAME, least=1)
        form.at("fields", number, "value").text(part.get("value", ""), VALUE, least=1)
    if "footer" in embed:
        form.at("footer", "text").text(embed["footer"].get("text", ""), FOOTER, least=1)
    if "author" in embed:
        form.at("author", "name").text(embed["author"].get("name", ""), AUTHOR, least=1)
    for path in (("url",), ("author", "url"), ("author", "icon_url"), ("footer", "icon_url")):
        _check_url(form.at(*path), _dig(embed, path), {"http", "https"})
    for path in (("image", "url"), ("thumbnail", "url")):
        _check_url(form.at(*path), _dig(embed, path), {"http", "https", "attachment"})


def _check_url(form: Form, url: str | None, schemes: set[str]) -> None:
    if url is None:
        return
    form.text(url, EMBED_URL)
    form.url(url, schemes)


def _check_mentions(form: Form, allowed: Json) -> None:
    parse = allowed.get("parse") or []
    for number, kind in enumerate(parse):
        if kind not in MENTIONS:
            form.at("parse", number).refuse("BASE_TYPE_CHOICES", f"Value must be one of {sorted(MENTIONS)}.")
    for kind in ("users", "roles"):
        if kind in parse and allowed.get(kind):
            form.refuse(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
        form.at(kind).count(allowed.get(kind) or (), 100)


def _size(embed: Json) -> int:
    """The characters of an embed that count towards the sum."""
    texts = [embed.get("title"), embed.get("description"), _dig(embed, ("footer", "text"))]
    texts.append(_dig(embed, ("author", "name")))
    texts += [part.get(key) for part in embed.get("fields", ()) for key in ("name", "value")]
    return sum(len(text.strip()) for text in texts if text)


def _dig(body: Any, path: Sequence[str]) -> Any:
    for step in path:
        body = body.get(step) if body else None
    return body
