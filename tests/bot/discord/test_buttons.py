"""The buttons below an answer, in the run that sent it and after a restart; who may press which, and what goes wrong."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from discord import Permissions
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.calibration import Calibration
from bot.discord_client import DatelineBot
from bot.discord_text import size
from bot.discord_views import CARRY_ON, UNNAMED, thread_name
from bot.discord_votes import KEPT, NOTED
from bot.evaluate import read_cases
from bot.render_context import NONE
from tests.bot.conftest import FLIGHTS, Report, keep
from tests.bot.discord.conftest import Live, Publish
from tests.discordserver import Channel, DiscordServer, Guild, Interaction, Message, User

QUESTION = "how many flights were supervised?"
QUOTE = "At airports, border police supervised almost 24,000 flights in six days."
PUBLIC = ["Show context", "Sources", "👍", "👎", "Ask more", "Delete"]
UNKNOWN = "is not known here, or it is no longer kept"
TAKEN_DOWN = "A report that this answer quotes was taken down."
Answered = Callable[..., Message]


def told(outlet: str, day: int, figure: str) -> Report:
    """A report whose only sentence is so long that three of them are not on one page."""
    places = "/".join(f"{outlet}__{one}__{other}" for one in "aeiou" for other in "bcdfgklmnprst")
    text = f"In Kolno, the flood displaced {figure} people of {places} and nobody else."
    return Report(outlet, f"2024-11-{day}", f"Flood in Kolno, says {outlet}", text)


FLOODS = (told("Courier", 12, "1,320"), told("Ledger", 13, "1,150"), told("Herald", 14, "980"))
DISPLACED = "how many people were displaced by the flood in Kolno?"


def ask(
    bot: DatelineBot, server: DiscordServer, user: User, channel: Channel, question: str = QUESTION, **options: bool
) -> Message:
    """The message that answers, once the bot knows it for one."""
    message = server.slash("ask", user=user, channel=channel, options={"question": question, **options}).wait_response()
    noted(bot, message)
    return message


def noted(bot: DatelineBot, message: Message) -> None:
    deadline = time.monotonic() + 5
    while bot.desk.thread_of(message.id) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert bot.desk.thread_of(message.id) is not None


@pytest.fixture(params=[False, True], ids=["same run", "restarted"])
def answered(
    request: pytest.FixtureRequest, server: DiscordServer, live: Live, channel: Channel, ann: User
) -> Iterator[Answered]:
    """Asks for ann; buttons below the answer are pressed in the same run, and after a restart."""
    with ExitStack() as running:

        def answered(question: str = QUESTION, where: Channel = channel, **options: bool) -> Message:
            message = ask(running.enter_context(live()), server, ann, where, question, **options)
            if request.param:
                running.close()
                running.enter_context(live())
            return message

        yield answered


def names(message: Message) -> list[str]:
    """What its buttons say."""
    return [widget.get("label") or widget["emoji"]["name"] for widget in message.widgets]


def answer_id(message: Message) -> str:
    return str(message.widgets[0]["custom_id"]).split(":")[1]


def press(server: DiscordServer, message: Message, button: str, user: User) -> Interaction:
    """Press a button named by its label or the key in its custom id."""
    keyed = [one["custom_id"] for one in message.widgets if one["custom_id"].startswith(f"{button}:")]
    return server.click(message, keyed[0] if keyed else button, user)


def said(pressed: Interaction, user: User) -> str:
    """What whoever pressed is told alone."""
    pressed.wait_acknowledged()
    message = pressed.wait_followups()[0] if pressed.message is pressed.source else pressed.wait_response()
    assert message.only_for == user
    return message.text


def opened(server: DiscordServer, message: Message) -> Message:
    """What the bot says first in the thread on a message."""

    def first() -> Message | None:
        return next(iter(message.thread.messages.values()), None) if message.thread else None

    return server.world.wait_for(first, "a thread")


def moderator(server: DiscordServer, guild: Guild) -> User:
    user = server.user("eve")
    server.join(guild, user, Permissions(view_channel=True, manage_messages=True))
    return user


def test_the_paragraph_around_the_quotation_is_shown(server: DiscordServer, answered: Answered, bob: User) -> None:
    text = said(press(server, answered(), "Show context", bob), bob)
    start = FLIGHTS.text.index(QUOTE)
    assert f"> “Police from 116 countries took part. **{QUOTE}** In all, 2,517 people were arrested" in text
    assert (
        f"Operation at borders ends — Meridian Post, <t:1731405600:D>, characters {start}–{start + len(QUOTE)}" in text
    )


def test_context_that_fills_several_pages_is_shown_whole(
    server: DiscordServer, live: Live, publish: Publish, channel: Channel, ann: User
) -> None:
    publish(*FLOODS)
    with live() as bot:
        pressed = press(server, ask(bot, server, ann, channel, DISPLACED), "Show context", ann)
        shown = [said(pressed, ann), *(message.text for message in pressed.wait_followups(1))]
    assert re.findall(r"^-# \[(\d)\] Flood", "\n".join(shown), re.M) == ["1", "2", "3"]


def test_every_quotation_is_checked_again(server: DiscordServer, answered: Answered, bob: User) -> None:
    text = said(press(server, answered(), "Sources", bob), bob)
    assert "**verified** — Operation at borders ends, Meridian Post" in text
    assert text.endswith("1 of 1 quotation verified")


def test_a_vote_is_kept_and_a_later_one_takes_its_place(
    server: DiscordServer, answered: Answered, app: App, ann: User, bob: User
) -> None:
    message = answered()
    assert said(press(server, message, "good", ann), ann) == NOTED
    assert said(press(server, message, "good", bob), bob) == NOTED
    assert app.community.feedback(answer_id(message)) == (2, 0, 0)
    assert said(press(server, message, "bad", bob), bob).startswith(NOTED)
    assert app.community.feedback(answer_id(message)) == (1, 1, 0)


def test_a_wrong_citation_is_kept_as_a_case_that_can_be_replayed(
    server: DiscordServer, answered: Answered, app: App, bob: User, tmp_path: Path
) -> None:
    message = answered()
    asking = press(server, message, "bad", bob)
    asking.wait_response()
    assert asking.message is not None
    pressed = press(server, asking.message, "Wrong citation", bob)
    assert pressed.wait_for(lambda shown: shown.text == KEPT).widgets == []
    lines = app.community.disputed()
    (tmp_path / "disputed.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [case.question for case in read_cases(tmp_path / "disputed.jsonl")] == [QUESTION]
    assert [one["quote"] for one in lines[0]["citations"]] == [QUOTE]
    said(press(server, message, "good", bob), bob)
    assert app.community.disputed() == []


def test_a_thread_on_the_answer_goes_on_with_the_conversation(
    server: DiscordServer, answered: Answered, bob: User
) -> None:
    message = answered()
    assert names(message) == PUBLIC
    press(server, message, "Ask more", bob)
    first = opened(server, message)
    thread = first.channel
    assert (first.text, thread.name, thread.parent) == (CARRY_ON, QUESTION, message.channel)
    asked = {"question": "and arrests?"}
    follow_up = server.slash("ask", user=bob, channel=thread, options=asked).wait_response()
    assert "read as" in follow_up.text
    assert "Ask more" not in names(follow_up)
    again = said(press(server, message, "Ask more", bob), bob)
    assert again == f"This answer has a thread already: <#{thread.id}>"
    assert "already been created" in server.violations.pop().message


def test_where_no_thread_may_be_opened_it_says_so(
    server: DiscordServer, answered: Answered, guild: Guild, bob: User
) -> None:
    narrow = server.channel(guild, "narrow", denied=Permissions(create_public_threads=True))
    message = answered(where=narrow)
    assert said(press(server, message, "Ask more", bob), bob).startswith("I may not open a thread here.")
    assert message.thread is None


def test_a_private_answer_is_shared_by_who_asked(
    server: DiscordServer, answered: Answered, guild: Guild, ann: User, bob: User
) -> None:
    silent = server.channel(guild, "silent", denied=Permissions(send_messages=True))
    private = answered(where=silent, private=True)
    assert names(private) == ["Show context", "Sources", "👍", "👎", "Share"]
    pressed = press(server, private, "Share", ann)
    [shared] = pressed.wait_followups()
    pressed.wait_for(lambda message: not message.widgets)
    assert shared.visible_to(bob)
    assert shared.content == f"shared by {ann.mention}"
    assert shared.embeds == private.embeds
    assert shared.pings == frozenset()
    assert names(shared) == PUBLIC
    assert said(press(server, shared, "Sources", bob), bob).endswith("1 of 1 quotation verified")
    assert said(press(server, shared, "Delete", bob), bob).startswith("Only who asked")
    press(server, shared, "Ask more", bob)
    thread = opened(server, shared).channel
    assert "read as" in server.wait_reply(server.mention(thread, bob, "and arrests?")).text


def test_whoever_asked_deletes_the_answer(server: DiscordServer, answered: Answered, ann: User) -> None:
    message = answered()
    press(server, message, "Delete", ann)
    server.world.wait_for(lambda: message.deleted, "the deletion")


def test_a_moderator_deletes_it_and_others_may_not(
    server: DiscordServer, answered: Answered, guild: Guild, bob: User
) -> None:
    message = answered()
    refusal = said(press(server, message, "Delete", bob), bob)
    assert refusal == "Only who asked, or who may manage messages here, can delete this answer."
    assert not message.deleted
    press(server, message, "Delete", moderator(server, guild))
    server.world.wait_for(lambda: message.deleted, "the deletion")


def test_that_another_deleted_it_first_is_no_failure(
    server: DiscordServer, live: Live, channel: Channel, ann: User
) -> None:
    with live() as bot:
        message = ask(bot, server, ann, channel)
        server.fault("DELETE", "/webhooks/*/messages/@original", 404, code=10008)
        late = press(server, message, "Delete", ann)
        server.world.wait_for(lambda: any(call.status == 404 for call in server.requests), "the refusal")
        press(server, message, "Delete", ann)
        server.world.wait_for(lambda: message.deleted, "the deletion")
    assert late.followups == []


def test_in_a_direct_message_there_is_nothing_to_share_or_to_open(
    server: DiscordServer, answered: Answered, ann: User
) -> None:
    message = answered(where=server.direct(ann))
    assert names(message) == ["Show context", "Sources", "👍", "👎", "Delete"]
    assert QUOTE in said(press(server, message, "Show context", ann), ann)
    press(server, message, "Delete", ann)
    server.world.wait_for(lambda: message.deleted, "the deletion")


def test_a_refusal_has_nothing_to_show_but_can_be_voted_on(
    server: DiscordServer, answered: Answered, app: App, tmp_path: Path, ann: User
) -> None:
    keep(Calibration(intercept=-20.0), tmp_path / "home")
    message = answered()
    assert names(message) == ["👍", "👎", "Ask more", "Delete"]
    pressed = press(server, message, "bad", ann)
    assert said(pressed, ann) == NOTED
    assert names(pressed.wait_response()) == []
    assert app.community.feedback(answer_id(message)) == (0, 1, 0)
    press(server, message, "Ask more", ann)
    assert opened(server, message).channel.name == UNNAMED


def test_a_long_answer_is_paged_by_anybody(
    server: DiscordServer, publish: Publish, answered: Answered, bob: User
) -> None:
    publish(*FLOODS)
    message = answered(DISPLACED)
    first = message.embeds
    assert [[one["custom_id"].split(":")[0] for one in row["components"]] for row in message.state.components] == [
        ["context", "sources", "good", "bad", "more"],
        ["delete"],
        ["back", "here", "on"],
    ]
    assert names(message)[6:] == ["◀", "1/2", "▶"]
    assert [one["disabled"] for one in message.widgets[6:]] == [True, True, False]
    press(server, message, "▶", bob).wait_for(lambda shown: shown.embeds != first)
    assert [*PUBLIC, "◀", "2/2", "▶"] == names(message)
    assert [one["disabled"] for one in message.widgets[6:]] == [False, True, True]
    assert re.findall(r"\[(\d)\]$", message.embeds[0]["description"], re.M) == ["3"]
    press(server, message, "◀", bob).wait_for(lambda shown: shown.embeds == first)


def test_what_was_taken_down_is_neither_paged_nor_shown(
    server: DiscordServer, publish: Publish, answered: Answered, app: App, bob: User
) -> None:
    publish(*FLOODS)
    message = answered(DISPLACED)
    first = message.embeds
    kept = app.journal.find(answer_id(message)).citations
    app.archive.remove(kept[2].article)
    assert said(press(server, message, "▶", bob), bob).startswith(TAKEN_DOWN)
    assert message.embeds == first
    verdicts = said(press(server, message, "Sources", bob), bob)
    assert "[3] **removed from the archive**" in verdicts
    assert "people of Courier" not in verdicts
    assert "Courier" not in said(press(server, message, "Show context", bob), bob)
    for one in kept[:2]:
        app.archive.remove(one.article)
    assert said(press(server, message, "Show context", bob), bob) == NONE


def test_a_private_answer_is_not_shared_once_a_report_was_taken_down(
    server: DiscordServer, answered: Answered, app: App, channel: Channel, ann: User, bob: User
) -> None:
    private = answered(private=True)
    app.archive.remove(app.journal.find(answer_id(private)).citations[0].article)
    assert said(press(server, private, "Share", ann), ann).startswith(TAKEN_DOWN)
    assert channel.visible_to(bob) == []


def test_a_forgotten_answer_is_no_longer_known(server: DiscordServer, answered: Answered, ann: User, bob: User) -> None:
    message = answered()
    server.slash("forget me", user=ann, channel=message.channel).wait_for(lambda shown: "Done" in shown.text)
    for button in ("context", "sources", "good", "bad", "more"):
        assert UNKNOWN in said(press(server, message, button, bob), bob)
    assert message.thread is None


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("key", ["context", "sources", "good", "bad", "wrong", "more", "share", "delete", "on"])
def test_nothing_of_an_answer_can_be_reached_from_another_guild(
    server: DiscordServer, live: Live, app: App, channel: Channel, ann: User, bob: User, key: str, private: bool
) -> None:
    elsewhere = server.channel(server.guild("Elsewhere"), "general")
    with live() as bot:
        theirs = answer_id(ask(bot, server, ann, channel, private=private))
        mine = ask(bot, server, bob, elsewhere)
        forge(mine, f"{key}:{theirs}:0" if key == "on" else f"{key}:{theirs}")
        refusal = said(press(server, mine, key, bob), bob)
    assert (UNKNOWN if key != "delete" else "Only who asked") in refusal
    assert not mine.deleted
    assert mine.thread is None
    assert app.community.feedback(theirs) == (0, 0, 0)
    asked = app.community.asked(theirs)
    assert asked is not None
    assert asked.private is private


def test_another_s_answer_can_be_seen_but_not_shared_within_the_guild(
    server: DiscordServer, live: Live, channel: Channel, ann: User, bob: User
) -> None:
    with live() as bot:
        message = ask(bot, server, ann, channel)
        forge(message, f"share:{answer_id(message)}")
        assert UNKNOWN in said(press(server, message, "share", bob), bob)


def test_what_another_asked_in_private_is_not_reached_within_the_guild(
    server: DiscordServer, live: Live, channel: Channel, ann: User, bob: User
) -> None:
    with live() as bot:
        theirs = answer_id(ask(bot, server, ann, channel, private=True))
        mine = ask(bot, server, bob, channel)
        for key in ("context", "sources", "good", "share"):
            forge(mine, f"{key}:{theirs}")
            assert UNKNOWN in said(press(server, mine, key, bob), bob)


def forge(message: Message, custom_id: str) -> None:
    """Let the message have this one button."""
    button = {"type": 2, "id": 2, "style": 2, "label": "forged", "custom_id": custom_id}
    row = {"type": 1, "id": 1, "components": [button]}
    message.states.append(replace(message.state, components=(row,)))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("who won?", "who won?"),
        ("who\n\x00 is <@12>, <@!12> of <@&3> in <#4>?", "who is , of in ?"),
        ("did @everyone and @here vote @noon?", "did everyone and here vote @noon?"),
        ("<@12>", UNNAMED),
        ("word " * 40, f"{('word ' * 20).strip()}…"),
    ],
)
def test_a_thread_is_named_after_the_question_without_what_mentions(question: str, name: str) -> None:
    assert thread_name(question) == name


@given(st.text() | st.text(st.sampled_from("ab 😀<@1>#&\u200b")).map(lambda text: text * 40))
def test_any_question_names_a_thread(question: str) -> None:
    assert thread_name(question).strip()
    assert size(thread_name(question)) <= 100
