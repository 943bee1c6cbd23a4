"""What is kept of guilds and people on Discord: of each guild apart, over restarts, and until it is to be forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from bot.community import Community
from bot.community_schema import Asked, GuildSettings, Watch
from bot.conversation import Turn
from bot.evaluate import read_cases
from bot.guilds import Asker
from bot.journal import Journal
from bot.records import Answer, Citation, Claim, Mode, Question, Window
from bot.watches import WATCHES_PER_GUILD, due, fingerprint
from ingest.errors import NotFoundError, UsageError
from tests.bot.test_journal_upgrade import CITATION as OLD_CITATION
from tests.bot.test_journal_upgrade import write_old
from tests.ingest.test_postgres import SERVERS, database  # noqa: F401 # a fixture

NOW = datetime(2024, 11, 12, 9, 30, tzinfo=UTC)
HERE, THERE = 2**63 - 1, 2**63 - 2  # two guilds, with ids as large as they come
ANN, BOB, EVE = 11, 12, 13
CHANNEL, THREAD = 21, 31
HOUR = timedelta(hours=1)
OF_GUILDS = {"guild_settings", "private_outlet", "asked_on"}  # tables that say nothing of users
RAIN = Citation(1, "It rained for 3 days.", 4, 25, "a", 1, "Rain", "Courier", "", NOW, "")
SNOW = Citation(2, "It snowed for 4 days.", 0, 21, "b", 2, "Snow", "Ledger", "", None, "")
CLAIMS = (Claim("It rained for 3 days.", (1,)), Claim("It snowed for 4 days.", (2,)))
ANSWER = Answer("a_1", Question("Did it rain?", NOW), Mode.QUOTE, CLAIMS, (RAIN, SNOW), (), 0.5, NOW, {})
TURN = Turn("Did it rain?")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'journal.db'}"


@pytest.fixture
def community(url: str) -> Iterator[Community]:
    with closing(Community.open(url)) as opened:
        yield opened


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    with closing(Journal.open(url)) as opened:
        yield opened


def ask(
    community: Community,
    answer_id: str,
    guild: int | None = HERE,
    user: int = ANN,
    *,
    at: datetime = NOW,
    private: bool = False,
) -> None:
    community.note_asked(answer_id, Asked(guild, CHANNEL, user, THREAD, private, [("text", "footer")]), at)


def stand(community: Community, guild: int, channel: int, user: int, question: str, at: datetime) -> Watch:
    return community.standing.add(Asker(user, guild, CHANNEL, THREAD), channel, question, "", at)


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that have any, but of the versions of their schemas."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        wanted = {name for (name,) in names if name not in {"schema_version", "sqlite_sequence"}}
        held = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in wanted}  # noqa: S608
    return {name: rows for name, rows in held.items() if rows}


def fill(community: Community, journal: Journal, guild: int, user: int, answer_id: str) -> None:
    """One of each thing that is kept."""
    journal.keep(replace(ANSWER, id=answer_id), "test")
    ask(community, answer_id, guild, user)
    community.vote(answer_id, user, False, True, at=NOW)
    community.keep_turn(guild - 100, guild, user, TURN, NOW)
    stand(community, guild, CHANNEL, user, "did it rain?", NOW)
    community.set_settings(GuildSettings(guild, (CHANNEL,), "de", ("Courier",), 5))
    community.claim_outlet(f"Own {guild}", guild)


def test_what_two_guilds_keep_is_the_same_after_a_restart_and_neither_sees_the_other_s(
    url: str, community: Community, journal: Journal
) -> None:
    fill(community, journal, HERE, ANN, "a_here")
    fill(community, journal, THERE, BOB, "a_there")
    before = everything(url)
    community.close()
    with closing(Community.open(url)) as again:
        assert everything(url) == before
        for guild, user, mine, others in ((HERE, ANN, "a_here", "a_there"), (THERE, BOB, "a_there", "a_here")):
            other = HERE + THERE - guild
            assert again.settings(guild) == GuildSettings(guild, (CHANNEL,), "de", ("Courier",), 5)
            assert again.outlets_of(guild) == again.outlets_hidden_from(other) == {f"Own {guild}"}
            assert (again.may_see(mine, guild, EVE), again.may_see(others, guild, EVE)) == (True, False)
            assert not again.may_see(mine, other, user)
            assert again.asked_today(guild, NOW) == 1
            assert [(one.guild, one.user) for one in again.standing.of(guild)] == [(guild, user)]
            assert len(again.conversation(guild - 100)) == 1


def test_a_journal_without_a_community_gets_one_and_keeps_its_answers(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    write_old(file, OLD_CITATION)
    for _ in range(2):
        with closing(Community.open(f"sqlite:///{file}")) as community:
            assert community.settings(HERE) == GuildSettings(HERE)
            assert not community.may_see("a_old", HERE, ANN)
            assert community.disputed() == []
    with closing(Journal.open(f"sqlite:///{file}")) as journal:
        assert journal.find("a_old").citations[0].quote == OLD_CITATION["quote"]


def test_settings_are_replaced_and_a_guild_without_any_has_the_defaults(community: Community) -> None:
    assert community.settings(HERE) == GuildSettings(HERE, (), "", (), 200)
    for wanted in (GuildSettings(HERE, (2**63 - 1, 7), "fr", ("Le Courrier",), 0), GuildSettings(HERE, daily_quota=9)):
        community.set_settings(wanted)
        assert community.settings(HERE) == wanted
    assert community.settings(THERE) == GuildSettings(THERE)


def test_a_private_outlet_is_hidden_from_other_guilds_and_from_direct_messages(community: Community) -> None:
    for outlet, guild in (("Ours", HERE), ("Ours too", HERE), ("Theirs", THERE)):
        community.claim_outlet(outlet, guild)
    community.claim_outlet("Ours", HERE)  # again changes nothing
    assert community.outlets_of(HERE) == community.outlets_hidden_from(THERE) == {"Ours", "Ours too"}
    assert community.outlets_hidden_from(HERE) == {"Theirs"}
    assert community.outlets_hidden_from(None) == {"Ours", "Ours too", "Theirs"}


def test_an_outlet_that_two_guilds_brought_is_seen_by_both_until_each_gives_it_up(community: Community) -> None:
    for guild in (HERE, THERE):
        community.claim_outlet("Both", guild)
    assert community.private_outlets() == {"Both": {HERE, THERE}}
    assert community.outlets_hidden_from(HERE) == community.outlets_hidden_from(THERE) == frozenset()
    assert community.outlets_hidden_from(None) == {"Both"}
    community.release_outlet("Both", HERE)
    assert community.outlets_hidden_from(HERE) == {"Both"}
    assert community.outlets_of(THERE) == {"Both"}


def test_only_its_guild_gives_an_outlet_up(community: Community) -> None:
    community.claim_outlet("Theirs", THERE)
    messages = []
    for outlet in ("Theirs", "Nobodys"):
        with pytest.raises(NotFoundError) as refused:
            community.release_outlet(outlet, HERE)
        messages.append(refused.value.message.replace(outlet, "…"))
    assert messages[0] == messages[1]  # so that nothing is learnt of theirs
    assert community.outlets_hidden_from(HERE) == {"Theirs"}
    community.release_outlet("Theirs", THERE)
    assert community.outlets_hidden_from(None) == frozenset()
    community.claim_outlet("Theirs", HERE)
    assert community.outlets_of(HERE) == {"Theirs"}


def test_an_outlet_claimed_by_eight_guilds_at_once_is_seen_by_all(community: Community) -> None:
    start = Barrier(8)

    def claim(guild: int) -> None:
        start.wait()
        community.claim_outlet("Wanted", guild)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(claim, range(8)))
    assert community.private_outlets() == {"Wanted": set(range(8))}


@pytest.mark.parametrize(
    ("asked_in", "private", "seen_by"),
    [
        (HERE, False, {(HERE, ANN), (HERE, EVE)}),
        (HERE, True, {(HERE, ANN)}),
        (None, False, {(None, ANN), (HERE, ANN), (THERE, ANN)}),
    ],
)
def test_an_answer_is_seen_where_it_was_asked_and_a_private_one_by_its_asker(
    asked_in: int | None, private: bool, seen_by: set[tuple[int | None, int]], community: Community
) -> None:
    ask(community, "a_1", asked_in, private=private)
    places = [(guild, user) for guild in (HERE, THERE, None) for user in (ANN, EVE)]
    assert {place for place in places if community.may_see("a_1", *place)} == seen_by
    assert not any(community.may_see("a_2", *place) for place in places)  # from the command line


def test_a_private_answer_is_seen_by_its_guild_once_it_is_published(community: Community) -> None:
    ask(community, "a_1", private=True)
    ask(community, "a_2", private=True)
    community.publish("a_1")
    assert [community.may_see(one, HERE, EVE) for one in ("a_1", "a_2")] == [True, False]
    assert not community.may_see("a_1", THERE, ANN)


def test_who_asked_and_the_message_that_answers_are_known(community: Community) -> None:
    ask(community, "a_1", None, private=True)
    assert community.asked("a_1") == (None, CHANNEL, ANN, THREAD, True, [["text", "footer"]], None)
    community.set_message("a_1", 2**63 - 1)
    assert community.asked("a_1") == (None, CHANNEL, ANN, THREAD, True, [["text", "footer"]], 2**63 - 1)
    assert community.asked_in(2**63 - 1) == community.asked("a_1")
    assert community.asked_in(1) is None
    assert community.asked("a_2") is None


def test_questions_count_for_their_guild_on_the_day_in_utc(community: Community) -> None:
    tokyo, new_york = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
    ask(community, "a_1", at=datetime(2024, 11, 12, 0, 0, tzinfo=UTC))
    ask(community, "a_2", at=datetime(2024, 11, 13, 8, 59, tzinfo=tokyo))  # 23:59 the day before
    ask(community, "a_3", at=datetime(2024, 11, 12, 19, 0, tzinfo=new_york))  # midnight of the next day
    ask(community, "a_4", THERE)
    ask(community, "a_5", None)
    assert [community.asked_today(HERE, NOW + timedelta(days=days)) for days in (-1, 0, 1)] == [0, 2, 1]
    assert community.asked_today(THERE, datetime(2024, 11, 13, 8, 0, tzinfo=tokyo)) == 1


def test_the_last_vote_of_a_user_counts(community: Community) -> None:
    ask(community, "a_1")
    assert community.feedback("a_1") == (0, 0, 0)
    community.vote("a_1", ANN, True, at=NOW)
    community.vote("a_1", BOB, True, wrong_citation=True, at=NOW)
    assert community.feedback("a_1") == (2, 0, 1)
    community.vote("a_1", ANN, False, True, at=NOW)
    community.vote("a_1", BOB, True, at=NOW)
    assert community.feedback("a_1") == (1, 1, 1)


def test_an_answer_that_is_not_kept_takes_no_vote(url: str, community: Community) -> None:
    with pytest.raises(NotFoundError, match="no longer kept"):
        community.vote("a_1", ANN, True, at=NOW)
    assert everything(url) == {}


def test_votes_of_eight_threads_at_once_all_count_once(community: Community) -> None:
    ask(community, "a_1")
    start = Barrier(8)

    def vote_often(thread: int) -> None:
        start.wait()
        for user in range(10):
            community.vote("a_1", user, thread % 2 == 0, at=NOW)  # the others vote as the same ten users
        community.vote("a_1", 100 + thread, True, thread == 3, at=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote_often, range(8)))
    up, down, wrong = community.feedback("a_1")
    assert (up + down, wrong) == (18, 1)
    assert up >= 8


def test_disputed_answers_are_lines_of_a_question_file_the_latest_first(
    tmp_path: Path, community: Community, journal: Journal
) -> None:
    for number, asked_at in enumerate((NOW, NOW - HOUR, NOW, NOW)):
        question = Question(f"Was it day {number}?", asked_at)
        journal.keep(replace(ANSWER, id=f"a_{number}", question=question), "test")
        ask(community, f"a_{number}", HERE if number else None)
    ask(community, "a_unkept")
    for answer_id, user, wrong, after in (
        ("a_0", ANN, True, 0),
        ("a_1", ANN, True, 1),
        ("a_0", BOB, True, 2),
        ("a_2", ANN, False, 3),
        ("a_3", ANN, True, 4),
        ("a_3", ANN, False, 5),  # thought better of it
        ("a_unkept", ANN, True, 6),
    ):
        community.vote(answer_id, user, False, wrong, at=NOW + after * HOUR)
    lines = community.disputed()
    assert [line["answer"] for line in lines] == ["a_0", "a_1"]
    assert all("nobody has looked yet" in line["note"] for line in lines)
    assert [(one["n"], one["article"], one["revision"]) for one in lines[0]["citations"]] == [(1, "a", 1), (2, "b", 2)]
    assert [one["quote"] for one in lines[0]["citations"]] == [RAIN.quote, SNOW.quote]
    file = tmp_path / "disputed.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    cases = read_cases(file)
    assert [(case.question, case.asked) for case in cases] == [("Was it day 0?", NOW), ("Was it day 1?", NOW - HOUR)]
    assert {(case.kind, case.answerable, case.answers) for case in cases} == {("disputed", False, ())}


@pytest.mark.parametrize(
    "turn",
    [
        TURN,
        Turn("Who won?", "Mayor “wins”", Window("last week", NOW, None), ("Ann Lee", "Thornbury"), "who?"),
        Turn("Who won?", window=Window("then", NOW.astimezone(ZoneInfo("Asia/Tokyo")), NOW)),
    ],
)
def test_a_turn_comes_back_as_it_was_kept(turn: Turn, url: str, community: Community) -> None:
    community.keep_turn(THREAD, HERE, ANN, turn, NOW)
    with closing(Community.open(url)) as again:
        [found] = again.conversation(THREAD)
    assert found == turn
    if turn.window and found.window and turn.window.since and found.window.since:
        assert found.window.since.utcoffset() == turn.window.since.utcoffset()


def test_a_thread_keeps_its_last_twenty_turns_in_order(community: Community) -> None:
    community.keep_turn(THREAD + 1, HERE, ANN, TURN, NOW)
    for number in range(25):
        community.keep_turn(THREAD, HERE, ANN, Turn(str(number)), NOW)
    assert [turn.question for turn in community.conversation(THREAD)] == [str(number) for number in range(5, 25)]
    assert community.conversation(THREAD + 1) == [TURN]
    assert community.conversation(THREAD + 2) == []


def test_a_thread_is_forgotten_when_nothing_was_asked_in_it_for_long(community: Community) -> None:
    for thread, hours in ((1, 0), (1, 2), (2, 0), (2, 1)):
        community.keep_turn(thread, HERE, ANN, TURN, NOW + hours * HOUR)
    community.forget_threads(NOW + 2 * HOUR)
    assert [len(community.conversation(thread)) for thread in (1, 2)] == [2, 0]


def test_a_guild_has_ten_standing_questions_and_one_more_is_refused(community: Community) -> None:
    for number in range(WATCHES_PER_GUILD):
        stand(community, HERE, CHANNEL + number % 2, ANN, f"Did it rain on day {number}?", NOW)
    with pytest.raises(UsageError, match="10") as refused:
        stand(community, HERE, CHANNEL, ANN, "Did it snow?", NOW)
    assert refused.value.hint == "remove one first"
    assert len(community.standing.of(HERE)) == len(community.standing.of()) == WATCHES_PER_GUILD
    assert len([one for one in community.standing.of() if one.channel == CHANNEL]) == 5
    stand(community, THERE, 99, ANN, "Did it snow?", NOW)
    community.standing.remove(HERE, community.standing.of(HERE)[0].id)
    stand(community, HERE, CHANNEL, ANN, "Did it snow?", NOW)


def test_eight_threads_cannot_add_more_standing_questions_than_a_guild_may_have(community: Community) -> None:
    start = Barrier(8)

    def add(thread: int) -> int:
        start.wait()
        added = 0
        for number in range(3):
            try:
                stand(community, HERE, CHANNEL, ANN, f"Did it rain on day {thread * 3 + number}?", NOW)
                added += 1
            except UsageError:
                pass
        return added

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(8))) == len(community.standing.of(HERE)) == WATCHES_PER_GUILD


def test_a_question_stands_once_in_a_channel_however_it_is_typed(community: Community) -> None:
    added = stand(community, HERE, CHANNEL, ANN, "Did it rain?", NOW)
    assert community.standing.of() == [added]
    with pytest.raises(UsageError, match="already"):
        stand(community, HERE, CHANNEL, BOB, " did  it RAIN", NOW)
    stand(community, HERE, CHANNEL + 1, BOB, "Did it rain?", NOW)
    assert [one.channel for one in community.standing.of(HERE)] == [CHANNEL, CHANNEL + 1]


def test_a_standing_question_of_another_guild_cannot_be_removed(community: Community) -> None:
    theirs = stand(community, THERE, CHANNEL, ANN, "Did it rain?", NOW)
    with pytest.raises(NotFoundError):
        community.standing.remove(HERE, theirs.id)
    assert community.standing.of() == [theirs]
    community.standing.remove(THERE, theirs.id)
    assert community.standing.of() == []
    assert stand(community, THERE, CHANNEL, ANN, "Did it rain?", NOW).id != theirs.id


def test_only_who_let_a_question_stand_removes_it_as_theirs(community: Community) -> None:
    added = stand(community, HERE, CHANNEL, ANN, "Did it rain?", NOW)
    with pytest.raises(NotFoundError, match="of yours"):
        community.standing.remove(HERE, added.id, BOB)
    community.standing.remove(HERE, added.id, ANN)
    assert community.standing.of() == []


def test_a_question_cannot_stand_in_a_direct_message(community: Community) -> None:
    with pytest.raises(UsageError, match="server"):
        community.standing.add(Asker(ANN, None, CHANNEL, THREAD), CHANNEL, "Did it rain?", "", NOW)


def test_an_answer_that_nobody_asked_for_just_now_is_seen_but_does_not_count(community: Community) -> None:
    community.note_asked("a_1", Asked(HERE, CHANNEL, ANN, THREAD, False, []))
    assert community.may_see("a_1", HERE, EVE)
    assert community.asked_today(HERE, NOW) == 0


def test_what_was_last_said_to_a_standing_question_is_kept(url: str, community: Community) -> None:
    first, second = (stand(community, HERE, CHANNEL, ANN, words, NOW) for words in ("Did it rain?", "Did it snow?"))
    community.standing.posted(first.id, "posted", NOW + HOUR)
    community.standing.saw(second.id, "seen")
    with closing(Community.open(url)) as again:
        assert again.standing.of() == [
            replace(first, seen="posted", posted=NOW + HOUR),
            replace(second, seen="seen"),
        ]


def test_a_standing_question_is_due_an_hour_after_it_was_last_posted_the_longest_waiting_first() -> None:
    never = Watch(1, HERE, CHANNEL, CHANNEL, THREAD, ANN, "Did it rain?", "", None, NOW - HOUR)
    watches = [
        replace(never, id=2, posted=NOW - timedelta(minutes=59)),
        replace(never, id=3, posted=NOW - HOUR),
        never,
        replace(never, id=4, posted=NOW - 3 * HOUR),
    ]
    assert [one.id for one in due(watches, NOW)] == [4, 3, 1]
    assert [one.id for one in due(watches, NOW, 2 * HOUR)] == [4, 1]


def test_a_fingerprint_changes_with_what_is_quoted_and_with_nothing_else() -> None:
    turned = replace(
        ANSWER,
        id="a_2",
        question=Question("Was there rain?", NOW + HOUR),
        mode=Mode.LLM,
        claims=(Claim("Four days of snow.", (1,)), Claim("Three of rain.", (2,))),
        citations=(replace(SNOW, n=1), replace(RAIN, n=2, start=9, end=30, revision=2, also=("Post",))),
        confidence=0.9,
    )
    assert fingerprint(turned) == fingerprint(ANSWER)
    others = [
        (RAIN,),
        (RAIN, replace(SNOW, quote="It snowed for 5 days.")),
        (RAIN, replace(SNOW, article="c")),
        (),
    ]
    assert len({fingerprint(replace(ANSWER, citations=cited)) for cited in [*others, (RAIN, SNOW)]}) == 5


def test_an_answer_that_says_nothing_has_no_fingerprint() -> None:
    assert fingerprint(replace(ANSWER, claims=(), citations=())) == ""


def test_nothing_is_left_of_a_user_who_is_forgotten_and_all_of_others_is(
    url: str, community: Community, journal: Journal
) -> None:
    fill(community, journal, THERE, BOB, "a_bob")
    ask(community, "a_dm", None, BOB)
    before = {name: rows for name, rows in everything(url).items() if name not in OF_GUILDS}
    fill(community, journal, HERE, ANN, "a_ann")
    journal.keep(replace(ANSWER, id="a_ann_dm"), "test")
    ask(community, "a_ann_dm", None)
    community.vote("a_bob", ANN, True, at=NOW)
    community.vote("a_ann", BOB, True, at=NOW)
    community.keep_turn(THERE - 100, THERE, ANN, TURN, NOW)
    assert community.forget(ANN) == 7  # two questions, two votes, two turns and a watch; one vote went with its answer
    after = everything(url)
    assert {name: rows for name, rows in after.items() if name not in OF_GUILDS} == before
    assert all(len(after[name]) == 2 for name in OF_GUILDS)
    assert community.forget(ANN) == 0
    with pytest.raises(NotFoundError):
        journal.find("a_ann")


def test_being_forgotten_gives_no_questions_back_to_the_guild(community: Community) -> None:
    ask(community, "a_1")
    community.forget(ANN)
    assert community.asked_today(HERE, NOW) == 1


def test_nothing_is_left_of_a_guild_but_that_its_outlets_are_its_own(
    url: str, community: Community, journal: Journal
) -> None:
    fill(community, journal, THERE, ANN, "a_there")
    ask(community, "a_dm", None)
    before = everything(url)
    fill(community, journal, HERE, ANN, "a_here")
    community.vote("a_here", BOB, True, at=NOW)
    community.purge_guild(HERE)
    assert community.outlets_hidden_from(THERE) == {f"Own {HERE}"}  # what it brought stays hidden from all
    community.release_outlet(f"Own {HERE}", HERE)
    assert everything(url) == before


@pytest.mark.skipif(not SERVERS, reason="no PostgreSQL server is installed")
def test_postgresql_keeps_it_as_well_as_a_file(database: str) -> None:  # noqa: F811
    with closing(Journal.open(database)) as journal, closing(Community.open(database)) as community:
        fill(community, journal, HERE, ANN, "a_here")
        fill(community, journal, THERE, BOB, "a_there")
        community.claim_outlet(f"Own {THERE}", HERE)
        community.release_outlet(f"Own {THERE}", HERE)
        with pytest.raises(UsageError):
            stand(community, HERE, CHANNEL, BOB, "Did it rain?", NOW)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: community.vote("a_here", number % 4, True, at=NOW), range(32)))
        assert community.feedback("a_here") == (4, 1, 1)
        community.vote("a_here", EVE, False, True, at=NOW + HOUR)
        assert [line["answer"] for line in community.disputed()] == ["a_here", "a_there"]
        for number in range(21):
            community.keep_turn(THREAD, HERE, ANN, Turn(str(number), window=Window("then", NOW, None)), NOW)
        assert [turn.question for turn in community.conversation(THREAD)] == [str(number) for number in range(1, 21)]
        assert community.outlets_hidden_from(HERE) == {f"Own {THERE}"}
        assert len(community.outlets_hidden_from(None)) == 2
        assert community.forget(ANN) == 24
        community.purge_guild(THERE)
        community.forget_threads(NOW + HOUR)
        assert (journal.count(), community.standing.of(), community.disputed()) == (0, [], [])
        assert (community.asked_today(HERE, NOW), community.asked_today(THERE, NOW)) == (1, 0)
