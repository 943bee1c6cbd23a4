"""Discord's limits on commands and on the choices of an autocompletion."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from discord import Locale

from tests.discordserver.errors import Json
from tests.discordserver.form import Form

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, CHANNEL, NUMBER = 1, 2, 3, 4, 5, 7, 10
MOST = {CHAT_INPUT: 100, USER_MENU: 5, MESSAGE_MENU: 5}
NAME, DESCRIPTION, OPTIONS, CHOICES, CHOICE, WHOLE = 32, 100, 25, 25, 100, 8000

LOCALES = {locale.value for locale in Locale}


def check_commands(commands: Sequence[Json]) -> None:
    """Raise unless Discord takes these commands together, as global ones or as those of one guild."""
    form = Form()
    for number, command in enumerate(commands):
        _check_command(form.at(number), command)
    for kind, times in Counter(command.get("type", CHAT_INPUT) for command in commands).items():
        if times > MOST[kind]:
            form.refuse(
                "APPLICATION_COMMANDS_TOO_MANY", f"Maximum number of application commands reached ({MOST[kind]})"
            )
    for (_, name), times in Counter((c.get("type", CHAT_INPUT), c.get("name")) for c in commands).items():
        if times > 1:
            form.refuse("APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}")
    form.close()


def check_choices(choices: Sequence[Json]) -> None:
    """Raise unless an autocompletion may offer these."""
    form = Form()
    _check_choices(form.at("choices"), choices)
    form.close()


def _check_command(form: Form, command: Json) -> None:
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        _check_named(form, command)
        _check_options(form.at("options"), command.get("options") or ())
    else:
        form.at("name").text(command.get("name"), NAME, least=1)
        if command.get("description"):
            form.at("description").refuse("APPLICATION_COMMAND_DESCRIPTION_FORBIDDEN", "A menu has no description")
    if (size := _size(command)) > WHOLE:
        form.refuse("APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({WHOLE}; it is {size})")


def _check_named(form: Form, thing: Json) -> None:
    name = thing.get("name") or ""
    if not 1 <= len(name) <= NAME or name != name.lower() or not all(map(_in_a_name, name)):
        form.at("name").refuse("APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {name!r}")
    form.at("description").text(thing.get("description"), DESCRIPTION, least=1)
    for locale, description in (thing.get("description_localizations") or {}).items():
        place = form.at("description_localizations", locale)
        if locale not in LOCALES:
            place.refuse("BASE_TYPE_CHOICES", f"There is no locale {locale!r}")
        place.text(description, DESCRIPTION, least=1)


def _in_a_name(letter: str) -> bool:
    if letter in "-_'":
        return True
    indic = unicodedata.name(letter, "").startswith(("DEVANAGARI", "THAI"))
    return indic or unicodedata.category(letter)[0] in "LN"


def _check_options(form: Form, options: Sequence[Json]) -> None:
    form.count(options, OPTIONS)
    for number, option in enumerate(options):
        place = form.at(number)
        _check_named(place, option)
        _check_choices(place.at("choices"), option.get("choices") or ())
        _check_options(place.at("options"), option.get("options") or ())
        if option.get("choices") and option.get("autocomplete"):
            place.refuse(
                "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Choices and autocomplete exclude each other"
            )
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        form.refuse(
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before optional ones"
        )
    for name, times in Counter(option.get("name") for option in options).items():
        if times > 1:
            form.refuse("APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", f"Option names must be unique: {name}")


def _check_choices(form: Form, choices: Sequence[Json]) -> None:
    form.count(choices, CHOICES)
    for number, choice in enumerate(choices):
        form.at(number, "name").text(choice.get("name"), CHOICE, least=1)
        if isinstance(choice.get("value"), str):
            form.at(number, "value").text(choice["value"], CHOICE, least=1)


def _size(thing: Json) -> int:
    """The characters of names, descriptions and values, with all that it holds; of a description the longest one."""
    own = sum(len(str(thing[key])) for key in ("name", "value") if key in thing)
    descriptions = [thing.get("description"), *(thing.get("description_localizations") or {}).values()]
    own += max(len(text or "") for text in descriptions)
    return own + sum(_size(inner) for key in ("options", "choices") for inner in thing.get(key) or ())
