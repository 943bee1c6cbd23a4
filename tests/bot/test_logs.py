"""What a log line holds, and what no log line ever holds."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

OF_WEBHOOK = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5OmFiY2RlZmdoaWprbG1ub3BxcnN0dXY"
KEY = "sk-test-0123456789abcdef"

Secret = st.text("abcdefXYZ0189-._~+/=%\\", min_size=12)
Around = st.text()


class Log:
    """What was logged since it was configured."""

    def __init__(self, *secrets: str, as_json: bool = True) -> None:
        self.stream = io.StringIO()
        logs.configure(self.stream, secrets, as_json=as_json)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        (only,) = self.lines
        return only


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Whatever is configured meanwhile is undone."""
    loggers = [logging.getLogger(name) for name in (None, *logs.OURS, *logs.OF_RECONNECTING)]
    before = [(one, one.level, list(one.handlers)) for one in loggers], logging.raiseExceptions
    try:
        yield
    finally:
        for one, level, handlers in before[0]:
            one.setLevel(level)
            one.handlers[:] = handlers
        logging.raiseExceptions = before[1]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    with logging_as_before():
        yield


def strings(value: object) -> Iterator[str]:
    """Every string anywhere in a line, names too."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    else:
        yield str(value)


def fail(message: str) -> NoReturn:
    try:
        raise KeyError(message)
    except KeyError as error:
        raise RuntimeError(f"worse: {message}") from error


def test_a_record_is_one_object_with_its_extra_values() -> None:
    log = Log()
    before = datetime.now(UTC)
    extra = {"error_id": "k3", "guild": 5, "channel": None, "command": "ask", "seconds": 0.25, "private": True}
    extra |= {"outlets": ["a", "b"], "window": {"days": 7}}
    groups = {"ids": (1, 2), "languages": {"en"}}
    logging.getLogger("bot.discord_client").info("answered %s of %d", "one", 2, extra=extra | groups)
    line = log.line
    assert list(line)[:4] == ["time", "level", "logger", "message"]
    at = datetime.fromisoformat(line.pop("time"))
    assert at.utcoffset() == UTC.utcoffset(None)
    assert abs((at - before).total_seconds()) < 5
    assert line == {
        "level": "INFO",
        "logger": "bot.discord_client",
        "message": "answered one of 2",
        **extra,
        "ids": [1, 2],
        "languages": ["en"],
    }


def test_an_exception_is_one_string_of_the_same_line() -> None:
    log = Log()
    try:
        fail("no such\narticle")
    except RuntimeError:
        logging.getLogger("bot").exception("it failed")
    line = log.line
    assert line["message"] == "it failed"
    assert line["traceback"].startswith("Traceback (most recent call last):\n")
    assert line["traceback"].endswith("RuntimeError: worse: no such\narticle")
    assert "KeyError: 'no such\\narticle'" in line["traceback"]


def test_a_terminal_gets_one_line_to_read_and_the_traceback_below_it() -> None:
    log = Log(KEY, as_json=False)
    logging.getLogger("index.sync").info("two\nlines \x1b[31m red é", extra={"guild": 5, "key": KEY})
    try:
        fail(KEY)
    except RuntimeError:
        logging.getLogger("bot").exception("it failed")
    first, second, *below = log.text.splitlines()
    assert first.endswith("INFO index.sync two\\nlines \\x1b[31m red é guild=5 key=•••")
    assert datetime.fromisoformat(first.split()[0]).tzinfo
    assert second.endswith("ERROR bot it failed")
    assert below[0] == "Traceback (most recent call last):"
    assert below[-1] == "RuntimeError: worse: •••"


def test_we_are_heard_and_others_only_when_something_is_wrong() -> None:
    log = Log()
    ours = ["bot.logs", "index.sync", "ingest.web", "discord.gateway", "discord.client"]
    others = ["discord", "discord.http", "asyncio", "httpx", "chromadb"]
    for name in ours + others:
        logging.getLogger(name).debug("a detail")
        logging.getLogger(name).info("news")
        logging.getLogger(name).warning("trouble")
    heard = [(line["logger"], line["level"]) for line in log.lines]
    assert [name for name, level in heard if level == "INFO"] == ours
    assert [name for name, level in heard if level == "WARNING"] == ours + others


def test_configured_anew_it_logs_to_the_new_stream_alone() -> None:
    first, second = Log(), Log()
    logging.getLogger("bot").info("hello")
    assert first.text == ""
    assert second.line["message"] == "hello"


@given(secret=Secret, before=Around, after=Around, as_json=st.booleans())
def test_no_secret_survives_whatever_surrounds_it(secret: str, before: str, after: str, as_json: bool) -> None:
    text = before + secret + after
    with logging_as_before():
        log = Log(secret, as_json=as_json)
        bot = logging.getLogger("bot")
        bot.warning("%s", text)
        bot.warning("%r and %s", text, [text])
        bot.warning(text.replace("%", "%%"))
        nested = {"deep": [{text: (text,)}, {text}], "bytes": text.encode("utf-8", "replace"), "path": Path(text)}
        bot.warning("extra", extra={"user": text, "more": nested, f"an{text}": 1, "error": ValueError(text)})
        try:
            fail(text)
        except RuntimeError as error:
            error.add_note(text)
            bot.exception("failed with %s", error)
        assert "cannot be formatted" not in log.text
        if as_json:
            assert len(log.lines) == 5
            assert not [one for one in strings(log.lines) if secret in one or repr(secret)[1:-1] in one]
        else:
            assert secret not in log.text
            assert repr(secret)[1:-1] not in log.text


@given(
    before=Around,
    after=Around,
    token=st.from_regex(r"[\w-]{24,28}\.[\w-]{6}\.[\w-]{27,38}", fullmatch=True, alphabet=st.characters(codec="ascii")),
)
def test_what_looks_like_a_bot_token_is_hidden_though_nobody_named_it(before: str, token: str, after: str) -> None:
    with logging_as_before():
        log = Log()
        logging.getLogger("bot").warning(before + token + after)
        logging.getLogger("bot").warning(f"{before} {token} {after}")
        joined, apart = [line["message"] for line in log.lines]
        assert token not in joined
        assert apart == f"{before} ••• {after}"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://discord.com/api/v10/webhooks/123/{}/messages/@original", "/webhooks/123/•••/messages/@original"),
        ("https://discord.com/api/v10/interactions/123/{}/callback?with=1", "/interactions/123/•••/callback?with=1"),
        ("POST url='https://discord.com/api/webhooks/123/{}'", "/webhooks/123/•••'"),
        ("https://discord.com/api/v10/webhooks/123/{}%3D%3D?wait=true", "/webhooks/123/•••?wait=true"),
    ],
)
def test_the_token_in_an_address_of_discord_is_hidden_and_the_rest_is_shown(address: str, shown: str) -> None:
    log = Log()
    logging.getLogger("discord.http").warning("responded with 429: %s", address.format(OF_WEBHOOK))
    assert log.line["message"].endswith(shown)


def test_what_only_resembles_a_token_is_shown() -> None:
    log = Log("", "  ", KEY)
    message = "1.2.3 of www.meridian-post.example/webhooks/about at bot.discord_client.on_ready"
    logging.getLogger("bot").info(message)
    assert log.line["message"] == message


@pytest.mark.parametrize("given_as", [f"{KEY}\n", f'"{KEY}"', f"'{KEY}' ", KEY])
def test_a_secret_is_found_though_its_setting_had_quotes_or_a_line_end(given_as: str) -> None:
    log = Log(given_as)
    logging.getLogger("bot").warning("wrong key <%s>", KEY)
    assert log.line["message"] == "wrong key <•••>"


def test_of_two_secrets_that_begin_alike_the_longer_is_hidden_whole() -> None:
    log = Log(KEY, f"{KEY}/second")
    logging.getLogger("bot").warning("%s %s", f"{KEY}/second", KEY)
    assert log.line["message"] == "••• •••"


def test_a_secret_in_an_address_is_hidden_whole() -> None:
    log = Log("a+key/of=signs")
    logging.getLogger("bot").warning("GET /webhooks/1/a+key/of=signs or /?key=a%2Bkey%2Fof%3Dsigns&n=1")
    assert log.line["message"] == "GET /webhooks/1/••• or /?key=•••&n=1"


def test_numbers_that_readers_of_json_would_round_or_refuse_are_strings() -> None:
    log = Log("4444")
    snowflake, unknown = 1234567890123456789, float("nan")
    logging.getLogger("bot").info("x", extra={"guild": snowflake, "user": 7, "seconds": unknown, "port": 4444})
    line = log.line
    assert (line["guild"], line["user"], line["seconds"], line["port"]) == (str(snowflake), 7, "nan", "•••")


def test_what_another_handler_leaves_in_a_record_is_not_told_twice() -> None:
    log = Log()
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    bot = logging.getLogger("bot")
    bot.addHandler(handler)  # its turn is before the root's
    bot.info("hello")
    assert list(log.line) == ["time", "level", "logger", "message"]


def test_an_extra_value_does_not_pass_for_a_field_of_the_line() -> None:
    log = Log()
    logging.getLogger("bot").info("x", extra={"level": "DEBUG", "time": 0})
    assert log.line["level"] == "INFO"
    assert log.line["time"] != 0


class Unprintable:
    def __str__(self) -> str:
        raise ValueError(f"no words for {KEY}")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_record_that_cannot_be_formatted_is_told_without_its_arguments(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(KEY, as_json=as_json)
    endless: list[object] = []
    endless.append(endless)
    bot = logging.getLogger("bot")
    bot.info("one too many: %s", KEY, KEY)
    bot.info("%s", Unprintable())
    bot.info("extra", extra={"value": Unprintable()})
    bot.info("extra", extra={"value": endless})
    told = log.text.count(f"the log line of {__file__}:")
    assert told == log.text.count("Traceback (most recent") == 4
    assert "not all arguments converted" in log.text
    assert KEY not in log.text
    assert capsys.readouterr() == ("", "")


def test_a_stream_that_fails_prints_no_secret_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(KEY)
    log.stream.close()
    logging.getLogger("bot").warning("the key is %s", KEY)
    assert capsys.readouterr() == ("", "")


def test_a_stream_that_knows_only_ascii_gets_every_line() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii", write_through=True)
    logs.configure(stream, [KEY], as_json=True)
    logging.getLogger("bot").warning("Zürich \ud800 \u2028 %s", KEY)
    assert json.loads(raw.getvalue())["message"] == "Zürich \ud800 \u2028 •••"
    assert raw.getvalue().count(b"\n") == 1


def test_an_error_id_is_short_new_and_has_no_sign_to_be_mistaken() -> None:
    made = [logs.error_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {len(one) for one in made} == {8}
    assert set("".join(made)) == set("23456789abcdefghijkmnpqrstuvwxyz")
