"""The bot in several languages: a guild's, or that of whoever asks; what articles say is in their own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.discord_client import DatelineBot
from bot.phrases import phrases
from tests.bot.conftest import FLIGHTS
from tests.bot.discord.conftest import Live, Publish
from tests.bot.discord.desks import wait_until
from tests.discordserver import Channel, DiscordServer, Guild, Interaction, Message, User
from tests.discordserver.commands import check_commands
from tests.discordserver.errors import DiscordError, Json

QUESTION = "how many flights were supervised?"
WORDS = "border police supervised almost **24,000** flights"
GERMAN = ["Kontext zeigen", "Quellen", "👍", "👎", "Weiterfragen", "Löschen"]
ENGLISH = ["Show context", "Sources", "👍", "👎", "Ask more", "Delete"]
DESCRIPTION = "Answer a question about the news, with quotations."


def ask(server: DiscordServer, user: User, channel: Channel, question: str = QUESTION, **options: Any) -> Interaction:
    return server.slash("ask", user=user, channel=channel, options={"question": question, **options})


def labels(message: Message) -> list[str]:
    return [widget.get("label") or widget["emoji"]["name"] for widget in message.widgets]


def speak(bot: DatelineBot, guild: Guild, language: str, **settings: Any) -> None:
    bot.desk.set(guild.id, lambda kept: replace(kept, language=language, **settings))


def described(command: Json, language: str) -> list[str]:
    """The descriptions of a command, of those below it, and of their options, in a language."""
    below = [text for option in command.get("options") or () for text in described(option, language)]
    localized = command.get("description_localizations") or {}
    return [localized.get(language, "") if command["description"] else "a menu has none", *below]


@pytest.fixture
def fritz(server: DiscordServer) -> User:
    return server.user("fritz", locale="de")


@pytest.fixture
def fleur(server: DiscordServer) -> User:
    return server.user("fleur", locale="fr")


def test_a_guild_is_answered_in_its_language_and_another_in_english(
    bot: DatelineBot, server: DiscordServer, guild: Guild, channel: Channel, ann: User
) -> None:
    elsewhere = server.channel(server.guild("Elsewhere"), "general")
    speak(bot, guild, "de")
    message = ask(server, ann, channel).wait_response()
    assert WORDS in message.text
    assert "Stand 2024-11-12 · 1 Bericht · im Wortlaut der Artikel · Antwort a_" in message.text
    assert labels(message) == GERMAN
    other = ask(server, ann, elsewhere).wait_response()
    assert WORDS in other.text
    assert "as of 12 Nov 2024 · 1 report · in the articles’ own words · answer a_" in other.text
    assert labels(other) == ENGLISH


@pytest.mark.usefixtures("bot")
def test_a_manager_sets_the_language_and_it_holds_at_once(
    server: DiscordServer, manager: User, channel: Channel, fleur: User
) -> None:
    assert "réponse a_" in ask(server, fleur, channel).wait_response().text
    server.slash("settings language", user=manager, channel=channel, options={"language": "es"}).wait_response()
    assert "respuesta a_" in ask(server, fleur, channel).wait_response().text
    server.slash("settings language", user=manager, channel=channel, options={"language": "-"}).wait_response()
    assert "réponse a_" in ask(server, fleur, channel).wait_response().text


@pytest.mark.parametrize(
    ("locale", "word"),
    [("fr", "réponse"), ("es-ES", "respuesta"), ("de", "Antwort"), ("en-GB", "answer"), ("pl", "answer")],
)
@pytest.mark.usefixtures("bot")
def test_where_nothing_is_set_askers_are_answered_in_their_own(
    server: DiscordServer, channel: Channel, locale: str, word: str
) -> None:
    asker = server.user("someone", locale=locale)
    for place in (channel, server.direct(asker)):
        text = ask(server, asker, place).wait_response().text
        assert WORDS in text
        assert f" · {word} a_" in text


def test_a_guild_that_wants_english_is_answered_in_it(
    bot: DatelineBot, server: DiscordServer, guild: Guild, channel: Channel, fritz: User
) -> None:
    speak(bot, guild, "en")
    assert labels(ask(server, fritz, channel).wait_response()) == ENGLISH


def test_a_mention_is_answered_in_the_language_of_the_guild(
    bot: DatelineBot, server: DiscordServer, guild: Guild, channel: Channel, ann: User
) -> None:
    speak(bot, guild, "fr")
    message = server.wait_reply(server.mention(channel, ann, QUESTION))
    assert WORDS in message.text
    assert "1 article · dans les termes mêmes des articles · réponse a_" in message.text
    asked_for_help = server.wait_reply(server.mention(channel, ann, ""))
    assert asked_for_help.text.startswith("**Je réponds aux questions")


def test_what_buttons_say_is_in_the_language_of_who_presses_them(
    live: Live, server: DiscordServer, channel: Channel, ann: User, fritz: User
) -> None:
    with live() as bot:
        message = ask(server, ann, channel).wait_response()
        wait_until(lambda: bot.desk.thread_of(message.id) is not None)
    with live():
        good, bad = (widget["custom_id"] for widget in message.widgets[2:4])
        for user, noted, verified in (
            (ann, "Noted, thank you.", "1 of 1 quotation verified"),
            (fritz, "Notiert, danke.", "1 von 1 Zitat bestätigt"),
        ):
            assert server.click(message, good, user).wait_response().text == noted
            assert verified in server.click(message, "Sources", user).wait_response().text
        asked = server.click(message, bad, fritz).wait_response()
        assert labels(asked) == ["Falsches Zitat"]
        context = server.click(message, "Show context", fritz).wait_response().text
        assert "supervised almost 24,000 flights" in context
        assert ", Zeichen " in context


def test_the_language_of_a_guild_is_known_after_a_restart(
    live: Live, server: DiscordServer, guild: Guild, channel: Channel, ann: User
) -> None:
    with live() as bot:
        speak(bot, guild, "de")
        private = ask(server, ann, channel, private=True).wait_response()
    with live():
        [shared] = server.click(private, "Teilen", ann).wait_followups()
        assert shared.text.startswith("geteilt von <@")
        assert labels(shared) == GERMAN


def test_refusals_are_in_the_language_too(
    bot: DatelineBot, server: DiscordServer, guild: Guild, channel: Channel, fritz: User, fleur: User
) -> None:
    quiet = server.channel(guild, "quiet")
    speak(bot, guild, "", channels=(channel.id,), daily_quota=1)
    for place, words in (
        (quiet, f"In diesem Kanal antworte ich nicht.\n-# Fragen bitte in <#{channel.id}>"),
        (channel, " · Antwort a_"),
        (
            channel,
            "Dieser Server hat seine 1 Frage des Tages gestellt.\n-# weitere Fragen wieder nach Mitternacht (UTC)",
        ),
    ):
        assert words in ask(server, fritz, place, private=True).wait_response().text
    options = {"answer": "a_0123456789"}
    unknown = server.slash("verify", user=fleur, channel=channel, options=options).wait_response().text
    assert unknown.startswith(r"La réponse a\_0123456789 est inconnue ici ou n’est plus conservée.")
    for _ in range(10):
        ask(server, fleur, quiet, private=True).wait_response()
    often = ask(server, fleur, quiet, private=True).wait_response().text
    assert often.startswith("C’est trop rapproché\u202f; nouvel essai possible dans ")


@pytest.mark.usefixtures("bot")
def test_a_standing_question_is_confirmed_in_the_language(server: DiscordServer, channel: Channel, fritz: User) -> None:
    asked = server.slash("watch question", user=fritz, channel=channel, options={"text": QUESTION})
    assert " · Antwort a_" in asked.wait_response().text
    [told] = asked.wait_followups()
    assert told.text.startswith("Wenn neue Artikel diese Antwort ändern")
    listed = server.slash("watch list", user=fritz, channel=channel).wait_response().text
    assert listed.endswith(", noch nichts veröffentlicht")


def test_what_is_posted_to_a_standing_question_is_in_the_language_of_the_guild(
    bot: DatelineBot, server: DiscordServer, guild: Guild, channel: Channel, ann: User, publish: Publish
) -> None:
    speak(bot, guild, "es")
    server.slash("watch question", user=ann, channel=channel, options={"text": QUESTION}).wait_followups()
    publish(FLIGHTS._replace(outlet="Courier", published="2024-11-20", text="Police supervised 31,000 flights."))
    asyncio.run_coroutine_threadsafe(bot.look_at_watches(), bot.loop).result(20)
    message = list(channel.messages.values())[-1]
    assert message.content == f"-# La respuesta a una pregunta en seguimiento ha cambiado: {QUESTION}"
    assert "respuesta a_" in message.text
    assert labels(message)[0] == "Ver contexto"


@pytest.mark.usefixtures("bot")
def test_help_is_in_the_language_of_who_asks_for_it(server: DiscordServer, channel: Channel, fritz: User) -> None:
    assert "`/ask` stellt eine Frage" in server.slash("help", user=fritz, channel=channel).wait_response().text


@pytest.mark.usefixtures("bot")
def test_commands_are_offered_with_descriptions_in_each_language(server: DiscordServer) -> None:
    commands = {command["name"]: command for command in server.world.commands[None].values()}
    assert commands["ask"]["description"] == DESCRIPTION
    assert commands["ask"]["description_localizations"]["de"] == phrases("de")(DESCRIPTION)
    for language in ("de", "fr", "es-ES", "es-419"):
        assert [text for command in commands.values() for text in described(command, language) if not text] == []
    assert "pl" not in commands["ask"]["description_localizations"]
    assert not any(command.get("name_localizations") for command in commands.values())


@pytest.mark.parametrize("localized", [{"de": "x" * 101}, {"de": ""}, {"tlh": "nuqneH"}])
def test_discord_would_refuse_a_description_that_does_not_fit(localized: dict[str, str]) -> None:
    command = {"name": "ask", "description": DESCRIPTION}
    check_commands([{**command, "description_localizations": {"de": "x" * 100}}])
    with pytest.raises(DiscordError):
        check_commands([{**command, "description_localizations": localized}])
