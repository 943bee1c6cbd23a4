"""Questions that stand: what is posted to them, when, and by whose rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from bot.app import App
from bot.community_schema import GuildSettings, Watch
from bot.config import Settings
from bot.guilds import Asker
from bot.newsdesk import NewsDesk
from bot.records import MAX_QUESTION_CHARACTERS, Mode
from bot.standing import Change
from bot.watches import EVERY, WATCHES_PER_GUILD
from ingest.errors import DatelineError, NotFoundError, UsageError
from tests.bot.conftest import FLIGHTS, Report
from tests.support import BagOfWords, index

HERE, THERE, CHANNEL, THREAD = 1, 2, 21, 31
ANN, BOB = Asker(11, HERE, CHANNEL, 41), Asker(12, HERE, CHANNEL, 42)
QUESTION = "how many flights were supervised?"
MORE_FLIGHTS = Report(
    "Courier", "2024-11-13", "Borders close again", "Border police supervised 31,000 flights, a minister said."
)
MOST_FLIGHTS = Report(
    "Ledger", "2024-11-14", "Border count is in", "Border police supervised 45,000 flights, the agency said."
)
WEATHER = Report("Courier", "2024-11-13", "Rain", "It rained on the coast. The mayor of Thornbury stayed at home.")
MINUTES = timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("lenient")
Publish = Callable[..., None]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2024, 11, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publish(app: App, news: Path) -> Publish:
    """Have these reports, instead of those before."""

    def publish(*reports: Report) -> None:
        for file in news.iterdir():
            file.unlink()
        for report in reports:
            (news / f"{report.outlet} {report.title}.json").write_text(json.dumps(report._asdict()))
        index(app, news)

    return publish


@pytest.fixture
def desk(app: App, clock: Clock, publish: Publish) -> NewsDesk:
    """A desk with a report about flights."""
    publish(FLIGHTS)
    opened = NewsDesk(app, clock)
    opened.open()
    return opened


@pytest.fixture
def watch(desk: NewsDesk) -> Watch:
    """The question how many flights there were, which Ann lets stand."""
    return desk.watch(ANN, CHANNEL, QUESTION)[2]


def look(desk: NewsDesk) -> list[Change]:
    """What there is to post."""
    return [change for one in desk.standing.due() if (change := desk.standing.ask_again(one))]


def post(desk: NewsDesk) -> list[str]:
    """Post what there is, and tell it."""
    posted = look(desk)
    for number, change in enumerate(posted):
        desk.standing.posted(change, 1000 + number)
    return [change.answer.text for change in posted]


def test_a_standing_question_is_answered_at_once(desk: NewsDesk) -> None:
    answer, pages, watch = desk.watch(ANN, THREAD, QUESTION)
    assert "24,000 flights" in answer.text
    assert "**24,000**" in pages[0].text
    assert desk.standing.of(HERE) == [watch]
    assert (watch.channel, watch.parent, watch.thread, watch.user) == (THREAD, CHANNEL, ANN.thread, ANN.user)


@pytest.mark.usefixtures("watch")
def test_nothing_is_asked_again_until_the_news_changes(desk: NewsDesk, clock: Clock) -> None:
    clock.now += 2 * EVERY
    assert desk.standing.due() == []


@pytest.mark.usefixtures("watch")
def test_an_article_that_changes_the_answer_is_quoted_once(desk: NewsDesk, publish: Publish) -> None:
    publish(FLIGHTS, MORE_FLIGHTS)
    [change] = look(desk)
    assert {"31,000 flights" in one.quote for one in change.answer.citations} == {True, False}
    assert "**31,000**" in change.pages[0].text
    desk.standing.posted(change, 1000)
    assert desk.thread_of(1000) == ANN.thread
    assert look(desk) == []


@pytest.mark.usefixtures("watch")
def test_an_article_about_something_else_posts_nothing(desk: NewsDesk, publish: Publish) -> None:
    publish(FLIGHTS, WEATHER)
    [watch] = desk.standing.due()
    assert desk.standing.ask_again(watch) is None
    assert desk.standing.due() == []


@pytest.mark.usefixtures("watch")
def test_a_change_soon_after_a_look_that_found_none_is_posted_at_once(
    desk: NewsDesk, publish: Publish, clock: Clock
) -> None:
    publish(FLIGHTS, WEATHER)
    assert post(desk) == []
    clock.now += 5 * MINUTES
    publish(FLIGHTS, WEATHER, MORE_FLIGHTS)
    [text] = post(desk)
    assert "31,000" in text


@pytest.mark.usefixtures("watch")
def test_of_two_changes_within_an_hour_the_second_is_posted_once_the_hour_is_over(
    desk: NewsDesk, publish: Publish, clock: Clock
) -> None:
    publish(FLIGHTS, MORE_FLIGHTS)
    assert len(post(desk)) == 1
    clock.now += 5 * MINUTES
    publish(FLIGHTS, MORE_FLIGHTS, MOST_FLIGHTS)
    assert post(desk) == []
    clock.now += EVERY - 6 * MINUTES
    assert post(desk) == []
    clock.now += MINUTES
    [text] = post(desk)
    assert "45,000" in text
    clock.now += EVERY
    assert post(desk) == []


@pytest.mark.usefixtures("watch")
def test_after_a_restart_each_is_asked_once_and_posts_what_came_meanwhile(
    app: App, publish: Publish, clock: Clock
) -> None:
    again = NewsDesk(app, clock)
    assert len(again.standing.due()) == 1
    assert post(again) == []
    assert again.standing.due() == []
    publish(FLIGHTS, MORE_FLIGHTS)
    [text] = post(NewsDesk(app, clock))
    assert "31,000" in text


@pytest.mark.usefixtures("watch")
def test_an_answer_that_is_taken_down_posts_nothing_until_it_is_back(desk: NewsDesk, publish: Publish) -> None:
    publish()
    assert post(desk) == []
    assert [one.seen for one in desk.standing.of(HERE)] == [""]
    publish(FLIGHTS)
    [text] = post(desk)
    assert "24,000" in text


@pytest.mark.usefixtures("watch")
def test_what_was_not_posted_after_all_is_posted_at_the_next_change(desk: NewsDesk, publish: Publish) -> None:
    publish(FLIGHTS, MORE_FLIGHTS)
    assert len(look(desk)) == 1
    assert look(desk) == []
    publish(FLIGHTS, MORE_FLIGHTS, WEATHER)
    assert len(post(desk)) == 1


@pytest.mark.usefixtures("watch")
def test_a_guild_s_own_outlets_post_nothing_to_another_guild(app: App, desk: NewsDesk, publish: Publish) -> None:
    desk.watch(Asker(13, THERE, 22, 43), 22, QUESTION)
    app.community.claim_outlet("Courier", THERE)
    publish(FLIGHTS, MORE_FLIGHTS)
    assert [change.watch.guild for change in look(desk)] == [THERE]


@pytest.mark.usefixtures("watch")
def test_only_the_outlets_that_the_guild_has_chosen_meanwhile_answer(
    app: App, desk: NewsDesk, publish: Publish
) -> None:
    app.community.set_settings(GuildSettings(HERE, outlets=("Meridian Post",)))
    publish(FLIGHTS, MORE_FLIGHTS)
    assert look(desk) == []


def test_in_a_channel_that_is_closed_to_questions_nothing_is_posted_until_it_is_open_again(
    app: App, desk: NewsDesk, publish: Publish
) -> None:
    desk.watch(ANN, THREAD, QUESTION)
    app.community.set_settings(GuildSettings(HERE, channels=(THREAD,)))  # a thread counts as its channel
    publish(FLIGHTS, MORE_FLIGHTS)
    assert look(desk) == []
    app.community.set_settings(GuildSettings(HERE, channels=(CHANNEL,)))
    assert len(look(desk)) == 1


def test_what_is_posted_does_not_count_for_the_day(app: App, desk: NewsDesk, publish: Publish, clock: Clock) -> None:
    app.community.set_settings(GuildSettings(HERE, daily_quota=1))
    desk.watch(ANN, CHANNEL, QUESTION)
    publish(FLIGHTS, MORE_FLIGHTS)
    assert len(post(desk)) == 1
    assert app.community.asked_today(HERE, clock()) == 1


@pytest.mark.usefixtures("watch")
def test_what_is_posted_can_be_looked_at_by_all_of_the_guild_until_it_is_forgotten(
    desk: NewsDesk, publish: Publish
) -> None:
    publish(FLIGHTS, MORE_FLIGHTS)
    [change] = look(desk)
    assert [one.verdict.holds for one in desk.verify(BOB, change.answer.id)] == [True, True]
    with pytest.raises(NotFoundError):
        desk.verify(Asker(12, THERE, 22, 43), change.answer.id)
    desk.forget(ANN.user)
    with pytest.raises(NotFoundError):
        desk.verify(BOB, change.answer.id)
    assert desk.standing.of(HERE) == []


@pytest.mark.usefixtures("watch")
def test_a_question_that_is_removed_while_it_waits_is_not_asked_again(desk: NewsDesk, publish: Publish) -> None:
    publish(FLIGHTS, MORE_FLIGHTS)
    [waiting] = desk.standing.due()
    desk.standing.remove(HERE, waiting.id, ANN.user)
    assert desk.standing.ask_again(waiting) is None


def test_a_question_that_cannot_be_asked_does_not_stand(app: App, desk: NewsDesk) -> None:
    with pytest.raises(UsageError, match="characters"):
        desk.watch(ANN, CHANNEL, "x" * (MAX_QUESTION_CHARACTERS + 1))
    app.community.set_settings(GuildSettings(HERE, daily_quota=0))
    with pytest.raises(DatelineError, match="of the day"):
        desk.watch(ANN, CHANNEL, QUESTION)
    assert desk.standing.of(HERE) == []


def test_a_question_too_many_is_refused_and_does_not_count_for_the_day(app: App, desk: NewsDesk, clock: Clock) -> None:
    for number in range(WATCHES_PER_GUILD):
        desk.watch(ANN, CHANNEL, f"how many flights were supervised on day {number}?")
    with pytest.raises(UsageError, match=str(WATCHES_PER_GUILD)):
        desk.watch(ANN, CHANNEL, QUESTION)
    assert app.community.asked_today(HERE, clock()) == WATCHES_PER_GUILD


def test_a_language_model_words_what_is_posted_and_is_asked_for_nothing_else(
    app: App, publish: Publish, clock: Clock
) -> None:
    replies = [
        '[1] "border police supervised almost 24,000 flights" -> Border police supervised almost 24,000 flights.',
        '[1] "Border police supervised 31,000 flights" -> A minister said border police supervised 31,000 flights.',
    ]
    chat = FakeListChatModel(responses=[*replies, "never asked for"])
    publish(FLIGHTS)
    with App(Settings(dateline_home=app.settings.dateline_home), BagOfWords(), chat) as worded:
        desk = NewsDesk(worded, clock)
        assert desk.watch(ANN, CHANNEL, QUESTION)[0].mode is Mode.LLM
        publish(FLIGHTS, WEATHER)
        assert look(desk) == []
        assert chat.i == 1
        publish(FLIGHTS, MORE_FLIGHTS)
        [change] = look(desk)
    assert change.answer.mode is Mode.LLM
    assert "A minister said" in change.answer.text
    assert chat.i == 2
