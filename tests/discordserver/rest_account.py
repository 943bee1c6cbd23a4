"""Requests about the bot itself, and where its gateway is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.discordserver.errors import Json
from tests.discordserver.world import Call, World


def _me(world: World, _call: Call) -> Json:
    return {**world.bot.payload(), "verified": True, "mfa_enabled": True, "locale": "en-US", "flags": 0}


def _gateway(world: World, _call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": world.gateway_url, "shards": world.shards, "session_start_limit": limit}


def _application(world: World, _call: Call) -> Json:
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": world.owner.payload(),
        "team": None,
        "interactions_endpoint_url": None,
        "approximate_guild_count": len(world.guilds),
        "integration_types_config": {"0": {}},
    }


ROUTES: Mapping[str, Callable[[World, Call], Any]] = {
    "GET /users/@me": _me,
    "GET /gateway/bot": _gateway,
    "GET /oauth2/applications/@me": _application,
    "GET /applications/@me": _application,
}
