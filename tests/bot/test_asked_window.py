"""Which time a question names, on the asker's calendar, and whether it asks how things stand now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.asked_window import asked_window, wants_latest
from bot.records import Window

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 11, 12, 15, 30, tzinfo=BERLIN)  # a Tuesday

WINDOWS = [
    # days that need no other word
    ("What happened today?", "today", "2024-11-12", "2024-11-13"),
    ("what is in today's papers", "today", "2024-11-12", "2024-11-13"),
    ("Who spoke this morning?", "this morning", "2024-11-12", "2024-11-13"),
    ("WHO WON TONIGHT", "TONIGHT", "2024-11-12", "2024-11-13"),
    ("What did she say yesterday in Lyon?", "yesterday", "2024-11-11", "2024-11-12"),
    ("Who won last night?", "last night", "2024-11-11", "2024-11-12"),
    ("what burned the day before yesterday?", "the day before yesterday", "2024-11-10", "2024-11-11"),
    ("Who resigned three days ago?", "three days ago", "2024-11-09", "2024-11-10"),
    ("What was decided 16 hours ago?", "16 hours ago", "2024-11-11", "2024-11-12"),
    # calendar weeks, months and years
    ("Who won this week?", "this week", "2024-11-11", "2024-11-18"),
    ("Who died last week in Paris?", "last week", "2024-11-04", "2024-11-11"),
    ("What happened two weeks ago?", "two weeks ago", "2024-10-28", "2024-11-04"),
    ("How many came this month?", "this month", "2024-11-01", "2024-12-01"),
    ("Who was elected last month?", "last month", "2024-10-01", "2024-11-01"),
    ("What opened a month ago?", "a month ago", "2024-10-01", "2024-11-01"),
    ("How often did it rain this year?", "this year", "2024-01-01", "2025-01-01"),
    ("who won last year's race?", "last year", "2023-01-01", "2024-01-01"),
    ("What happened over the weekend?", "over the weekend", "2024-11-09", "2024-11-11"),
    ("Who played last weekend?", "last weekend", "2024-11-09", "2024-11-11"),
    # up to now
    ("What changed in the last week?", "in the last week", "2024-11-05T15:30", "2024-11-12T15:30"),
    ("What changed in the past month?", "in the past month", "2024-10-12T15:30", "2024-11-12T15:30"),
    ("Who resigned in the last 3 days?", "in the last 3 days", "2024-11-09T15:30", "2024-11-12T15:30"),
    ("the past 24 hours in Kyiv", "the past 24 hours", "2024-11-11T15:30", "2024-11-12T15:30"),
    ("What fell over the past two years?", "over the past two years", "2022-11-12T15:30", "2024-11-12T15:30"),
    ("Which won in the past couple of weeks?", "in the past couple of weeks", "2024-10-29T15:30", "2024-11-12T15:30"),
    # weekdays
    ("What happened on Tuesday?", "on Tuesday", "2024-11-12", "2024-11-13"),
    ("What happened this Tuesday?", "this Tuesday", "2024-11-12", "2024-11-13"),
    ("What happened last Tuesday?", "last Tuesday", "2024-11-05", "2024-11-06"),
    ("Who scored on Wednesday night?", "on Wednesday", "2024-11-06", "2024-11-07"),
    ("who scored on sat?", "on sat", "2024-11-09", "2024-11-10"),
    ("Who spoke on Monday last week?", "on Monday last week", "2024-11-04", "2024-11-05"),
    ("Who was wed last week?", "last week", "2024-11-04", "2024-11-11"),
    # months, years and seasons
    ("How many fled in October?", "in October", "2024-10-01", "2024-11-01"),
    ("How many fled in November?", "in November", "2024-11-01", "2024-12-01"),
    ("How many fled in December?", "in December", "2023-12-01", "2024-01-01"),
    ("How many fled in Oct. 2023?", "in Oct. 2023", "2023-10-01", "2023-11-01"),
    ("How many fled in October of last year?", "in October of last year", "2023-10-01", "2023-11-01"),
    ("What closed in late May?", "in late May", "2024-05-01", "2024-06-01"),
    ("what closed in may?", "in may", "2024-05-01", "2024-06-01"),
    ("What closed last November?", "last November", "2023-11-01", "2023-12-01"),
    ("What closed this March?", "this March", "2024-03-01", "2024-04-01"),
    ("Which bank failed in the first week of October?", "week of October", "2024-10-01", "2024-11-01"),
    ("Who won the cup in 2022?", "in 2022", "2022-01-01", "2023-01-01"),
    ("Who led in the year 2022?", "in the year 2022", "2022-01-01", "2023-01-01"),
    ("Who won the election of 2020?", "of 2020", "2020-01-01", "2021-01-01"),
    ("What burned this summer?", "this summer", "2024-06-01", "2024-09-01"),
    ("What burned last autumn?", "last autumn", "2023-09-01", "2023-12-01"),
    ("How cold was it last winter?", "last winter", "2023-12-01", "2024-03-01"),
    ("How cold was it in the winter of 2021?", "in the winter of 2021", "2021-12-01", "2022-03-01"),
    # days of a month
    ("What opened on 3 May 2023?", "on 3 May 2023", "2023-05-03", "2023-05-04"),
    ("What opened on Wednesday, 3 May 2023?", "on Wednesday, 3 May 2023", "2023-05-03", "2023-05-04"),
    ("What opened 3 May 2023?", "3 May 2023", "2023-05-03", "2023-05-04"),
    ("What opened May 3, 2023 in Rome?", "May 3, 2023", "2023-05-03", "2023-05-04"),
    ("What opened on May 3?", "on May 3", "2024-05-03", "2024-05-04"),
    ("What opened on the 3rd of May?", "on the 3rd of May", "2024-05-03", "2024-05-04"),
    ("What opened on 3-5 May?", "on 3-5 May", "2024-05-03", "2024-05-06"),
    ("What opened on 15 December?", "on 15 December", "2023-12-15", "2023-12-16"),
    ("What opened on 2024-05-03?", "on 2024-05-03", "2024-05-03", "2024-05-04"),
    ("Who was born on 29 February?", "on 29 February", "2024-02-29", "2024-03-01"),
    # open on one side
    ("What has changed since Monday?", "since Monday", "2024-11-11", ""),
    ("What has changed since yesterday?", "since yesterday", "2024-11-11", ""),
    ("What has changed since last week?", "since last week", "2024-11-04", ""),
    ("What has changed since October?", "since October", "2024-10-01", ""),
    ("What has changed since 2023?", "since 2023", "2023-01-01", ""),
    ("What has changed since 3 May?", "since 3 May", "2024-05-03", ""),
    ("What has changed since the start of 2023?", "since the start of 2023", "2023-01-01", ""),
    ("What changed after 2022?", "after 2022", "2023-01-01", ""),
    ("What changed after Monday's vote?", "after Monday", "2024-11-11", ""),
    ("What changed after 2022 elections?", "after 2022", "2022-01-01", ""),
    ("What changed after 2022 in Rome?", "after 2022", "2023-01-01", ""),
    ("Who led before 2020?", "before 2020", "", "2020-01-01"),
    ("Who led before the end of 2020?", "before the end of 2020", "", "2021-01-01"),
    ("Who led until 3 May?", "until 3 May", "", "2024-05-04"),
    ("How many had died as of yesterday?", "as of yesterday", "", "2024-11-12"),
    # from one to another
    ("Who led between 2019 and 2021?", "between 2019 and 2021", "2019-01-01", "2022-01-01"),
    ("Who led from 2019-2021?", "from 2019-2021", "2019-01-01", "2022-01-01"),
    ("What rose between March and May 2023?", "between March and May 2023", "2023-03-01", "2023-06-01"),
    ("What rose between October and March?", "between October and March", "2023-10-01", "2024-04-01"),
    ("What shut from Monday to Friday?", "from Monday to Friday", "2024-11-04", "2024-11-09"),
    ("What shut from 3 May to 5 June?", "from 3 May to 5 June", "2024-05-03", "2024-06-06"),
    ("What shut between the 3rd and 5th of May?", "between the 3rd and 5th of May", "2024-05-03", "2024-05-06"),
    ("What rose in April and May?", "in April and May", "2024-04-01", "2024-06-01"),
    ("Which fell in April and may fall again?", "in April", "2024-04-01", "2024-05-01"),
    # of several the newest
    ("What was said yesterday of the raid in May?", "yesterday", "2024-11-11", "2024-11-12"),
    ("It ended in 2000. Where did it return this week?", "this week", "2024-11-11", "2024-11-18"),
]

NO_WINDOWS = [
    "",
    "How many flights were screened?",
    "Who resigned recently?",
    "What have they said lately?",
    # words that only look like dates
    "Who may run for mayor?",
    "Did the march end in violence?",
    "How does this march differ, and who may join?",
    "Who sat on the board for a second in the sun?",
    "What stands where the firm last sat?",
    "Who lives in Mar-a-Lago?",
    "What group does this fall into?",
    "Which lead did USA Today print?",
    # how long, how old, how many
    "How long did the strike last?",
    "Did the strike last two weeks?",
    "What lasted 14 days?",
    "Who was held for two weeks?",
    "What is in the three-year plan?",
    "Who won the last two matches?",
    "What happened in the last days of the war?",
    "Who led in his last year of office?",
    "Who turned 20 years old?",
    "How many of 2000 people were freed?",
    "Was it built in 1500 BC, 1,000 years ago?",
    "What was built in 1780, or 500 years ago?",
    # years that belong to a name, and times that are no stretch
    "What is in the 2024 budget?",
    "Who won the World Cup 2022?",
    "What was Liberterra 2023?",
    "Who condemned the 7 October 2023 attack?",
    "What changed after the 2016 referendum?",
    "Who joined the class of 2009?",
    "What was popular in the 1990s, or the 20th century?",
    "Who won the league in 2023-24?",
    "In March of what year was it launched?",
    "What happened on 31 June 2023?",
    # yet to come
    "What opens tomorrow, or next week?",
    "Who will host it in 2030?",
    "What is to be built by 2027?",
    "Who reigns until 2031?",
    "Who holds it between 2019 and 2030?",
    "When will it open on 15 December?",
    "Who is going to speak on Monday?",
    "Who'll be out this weekend?",
    "What opens on 24 December 2024?",
    "What happened this December?",
    "How cold is it this winter?",
    "What changed after today?",
    "What did they do later this week?",
    # other languages
    "Wer trat letzte Woche zurück?",
    "¿Quién ganó en mayo de 2023?",
]

AT = [
    ("2025-01-02T09:00", "Europe/Berlin", "last week", "2024-12-23", "2024-12-30"),
    ("2025-01-02T09:00", "Europe/Berlin", "this week", "2024-12-30", "2025-01-06"),
    ("2025-01-02T09:00", "Europe/Berlin", "last month", "2024-12-01", "2025-01-01"),
    ("2025-01-02T09:00", "Europe/Berlin", "in December", "2024-12-01", "2025-01-01"),
    ("2025-01-02T09:00", "Europe/Berlin", "this winter", "2024-12-01", "2025-03-01"),
    ("2024-12-31T23:59", "Europe/Berlin", "in December", "2024-12-01", "2025-01-01"),
    ("2024-11-17T12:00", "Europe/Berlin", "this weekend", "2024-11-16", "2024-11-18"),
    ("2024-11-17T12:00", "Europe/Berlin", "last weekend", "2024-11-09", "2024-11-11"),
    ("2024-02-29T12:00", "Europe/Berlin", "last year", "2023-01-01", "2024-01-01"),
    ("2024-02-29T12:00", "Europe/Berlin", "in the past year", "2023-02-28T12:00", "2024-02-29T12:00"),
    ("2024-02-28T12:00", "Europe/Berlin", "on 29 February", "2020-02-29", "2020-03-01"),
    ("2024-03-31T12:00", "Europe/Berlin", "in the last month", "2024-02-29T12:00", "2024-03-31T12:00"),
    # clocks go forward on 31 March 2024 and back on 27 October 2024
    ("2024-04-01T00:10", "Europe/Berlin", "yesterday", "2024-03-31T00:00+01:00", "2024-04-01T00:00+02:00"),
    ("2024-10-27T12:00", "Europe/Berlin", "today", "2024-10-27T00:00+02:00", "2024-10-28T00:00+01:00"),
    ("2024-10-27T12:00", "Europe/Berlin", "last week", "2024-10-14T00:00+02:00", "2024-10-21T00:00+02:00"),
    ("2024-10-27T12:00", "Europe/Berlin", "the past 24 hours", "2024-10-26T13:00+02:00", "2024-10-27T12:00+01:00"),
    ("2024-10-27T12:00", "Europe/Berlin", "the past 2 days", "2024-10-25T12:00+02:00", "2024-10-27T12:00+01:00"),
    # where the day is another than in UTC
    ("2024-11-12T00:05", "Pacific/Auckland", "today", "2024-11-11T11:00+00:00", "2024-11-12T11:00+00:00"),
    ("2024-11-01T00:05", "Pacific/Auckland", "in November", "2024-10-31T11:00+00:00", "2024-11-30T11:00+00:00"),
    ("2024-11-11T20:00", "America/Los_Angeles", "on Tuesday", "2024-11-05T08:00+00:00", "2024-11-06T08:00+00:00"),
]


def moment(words: str, zone: ZoneInfo) -> datetime | None:
    if not words:
        return None
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=zone)


@pytest.mark.parametrize(("question", "words", "since", "until"), WINDOWS)
def test_the_time_that_a_question_names_is_read(question: str, words: str, since: str, until: str) -> None:
    assert asked_window(question, NOW) == Window(words, moment(since, BERLIN), moment(until, BERLIN))


@pytest.mark.parametrize("question", NO_WINDOWS)
def test_a_question_that_names_no_past_time_has_no_window(question: str) -> None:
    assert asked_window(question, NOW) is None


@pytest.mark.parametrize(("now", "zone", "words", "since", "until"), AT)
def test_days_are_those_of_the_askers_calendar(now: str, zone: str, words: str, since: str, until: str) -> None:
    place = ZoneInfo(zone)
    window = asked_window(f"What happened {words}?", datetime.fromisoformat(now).replace(tzinfo=place))
    assert window is not None
    assert window.words == words
    assert [bound and bound.astimezone(UTC) for bound in (window.since, window.until)] == [
        bound and bound.astimezone(UTC) for bound in (moment(since, place), moment(until, place))
    ]


def test_an_hour_is_an_hour_while_the_clocks_go_back() -> None:
    now = datetime(2024, 10, 27, 2, 10, fold=1, tzinfo=BERLIN)
    window = asked_window("What happened in the last hour?", now)
    assert window is not None
    assert window.since is not None
    assert now.timestamp() - window.since.timestamp() == timedelta(hours=1).total_seconds()


PIECES = (
    "who what did will may march may. sat on Sat? in since before after until till between from and to or - – the of a "
    "this last past next later first 1 2 3 29 31 0 9999 1st 3rd 2019 2024 1066 2999 January Feb. march May Monday tue "
    "Sunday, summer winter today yesterday tonight ago weekend week weeks of month months year years hour days few "
    "couple as of prior the end start 2024-05-03 2023-13-40 's ’s İ ſ ? , . night day before"
)
QUESTIONS = st.text() | st.lists(st.sampled_from(PIECES.split(" ")), max_size=12).map(" ".join)
# From 2013: in December 2011 Samoa had no 30th.
MOMENTS = st.datetimes(datetime(2013, 1, 1), datetime(2100, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@given(QUESTIONS, MOMENTS)
@example("in the past 9999 years, 9999 years ago, 9999 months ago", NOW)
@example("İn 2019 yesterday", NOW)
def test_whatever_is_asked_a_window_is_in_order_and_has_begun(question: str, now: datetime) -> None:
    window = asked_window(question, now)
    wants_latest(question)
    if window is None:
        return
    assert window.words
    assert window.words in question
    assert window.since or window.until
    if window.since:
        assert window.since.timestamp() <= now.timestamp()
    if window.since and window.until:
        assert window.since.timestamp() < window.until.timestamp()


@given(st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]), MOMENTS)
def test_a_weekday_is_within_the_last_seven_days(weekday: str, now: datetime) -> None:
    window = asked_window(f"What happened on {weekday}?", now)
    assert window is not None
    assert window.since is not None
    assert f"{window.since:%A}" == weekday
    assert 0 <= (now.date() - window.since.date()).days < 7


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the strike?",
        "Which is the newest museum?",
        "Who most recently won the cup?",
        "What happened recently?",
        "What have they said lately?",
        "Who is the current president?",
        "Which team is he currently with?",
        "How many are missing now?",
        "Where is it right now?",
        "Who leads at the moment?",
        "What is in today’s papers?",
        "How many have died so far?",
        "Is he still minister?",
        "How many were hurt as of Monday?",
        "Is there any news from Calder?",
        "What is the state of the talks?",
        "Give me an up-to-date count",
        "Who is the mayor of Calder?",
        "Who's the head coach of Tollen?",
        "WHO IS THE UK'S PRIME MINISTER?",
        "Who is Germany's top scorer?",
        "Who owns the ferry?",
        "Which company runs the ferry?",
    ],
)
def test_a_question_of_how_things_stand_wants_the_latest(question: str) -> None:
    assert wants_latest(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "How many were killed in 2019?",
        "Who was the mayor of Calder?",
        "Who owned the ferry?",
        "Is it known who snowed them in nowhere?",
        "When did the now-defunct club win?",
        "Who is the mother of Kanye's first child?",
        "Who is the president who freed the slaves?",
        "How strong is the current of the river?",
        "What was concurrently agreed?",
    ],
)
def test_a_question_of_what_was_does_not_want_the_latest(question: str) -> None:
    assert not wants_latest(question)
