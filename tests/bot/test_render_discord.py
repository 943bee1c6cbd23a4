"""How answers, passages and verdicts look in Discord, and that article text stays text there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord_text import MOST, escape
from bot.records import Answer, Check, Citation, Claim, Headline, Mode, Question, Reason, Verdict, Window
from bot.render_discord import Page, answer_pages, headlines_page, hits_pages, partial_text, verdicts_page
from index.records import Filter, Hit
from ingest.records import Article, Passage, State

NEWER, OLDER = datetime(2024, 11, 18, 14, 30, tzinfo=UTC), datetime(2024, 11, 13, tzinfo=UTC)
NEWER_SHOWN, OLDER_SHOWN = "<t:1731940200:D>", "<t:1731492000:D>"
FLOOD = "The flood displaced 1,320 people."
BRIGADE = "About 1,150 were displaced."
ONE = Citation(1, FLOOD, 100, 133, "c", 1, "Flood", "Courier", "", NEWER, "https://c.example/1", (), (120, 125))
TWO = Citation(2, BRIGADE, 0, 27, "/news/l.txt", 1, "", "Ledger", "", OLDER, "", ("Post", "Herald"), (0, 11))
ASKED = Question("How many people were displaced?", NEWER)
CLAIM = Claim(FLOOD, (1,))
ANSWER = Answer("a_1", ASKED, Mode.QUOTE, (CLAIM,), (ONE,), (), 0.874, NEWER, {"total": 9})
BOTH = replace(ANSWER, claims=(CLAIM, Claim(BRIGADE, (2,))), citations=(ONE, TWO))
WORDED = replace(BOTH, mode=Mode.LLM, claims=(Claim("Up to 1,320 had to leave.", (1, 2)), Claim(BRIGADE, (2,))))
HEADLINES = (
    Headline("Flood", "Courier", NEWER, "https://c.example/1", "c"),
    Headline("", "Ledger", None, "", "/news/l.txt"),
)
NONE = Answer("a_2", ASKED, Mode.QUOTE, (), (), HEADLINES, 0.04, None, {}, reason=Reason.NOTHING)
TRICKS = "@everyone <@1> **bold** [click](https://evil) `code` ||spoiler|| :skull: <t:0:R> discord.gg/x"

# A model of Discord: a backslash before what is not a letter, a digit or white space makes it a plain character.
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
PLAIN = 0xF0000
LINK = re.compile(r"\[([^\[\]\n]+)\]\(<(https?://[!-;=?-~]+)>\)")
TIMESTAMP = re.compile(r"<t:-?\d+:D>")
LEAD = re.compile(r"^(?:> |-# |- )", re.M)
ACTIVE = re.compile(
    r"[\\*_~|`\[\]<>@]|\w://|discord\.gg/|:\w+:|^[ \t]*(?:#{1,3} |-# |[-*+] |[0-9]+\. )", re.M | re.IGNORECASE
)


def as_discord_reads(text: str) -> str:
    """The text with what is escaped out of the way of every rule."""
    return ESCAPED.sub(lambda found: chr(PLAIN + ord(found[1])), text)


def plain(text: str) -> str:
    return "".join(chr(ord(c) - PLAIN) if PLAIN <= ord(c) < PLAIN + 0x80 else c for c in text)


def without_ours(text: str) -> str:
    """What is left of a page when the markdown that is meant to be there is taken as done."""
    text = LINK.sub("link: \\1", LEAD.sub("", as_discord_reads(text)))
    return re.sub(r"\[\d+\]", "", re.sub(r"\*\*([^*\n]+)\*\*", r"\1", TIMESTAMP.sub("", text)))


def seen(text: str) -> str:
    """What a person sees of it, dates aside."""
    return plain(without_ours(text))


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def only(pages: list[Page]) -> Page:
    (page,) = pages
    return page


def hit(text: str, title: str = "Flood", url: str = "https://c.example/1", *also: str, story: str = "") -> Hit:
    passage = Passage("p", url, 1, 0, len(text), "", text)
    others = tuple(article(outlet, outlet, "", None) for outlet in also)
    return Hit(passage, replace(article(title, "Courier", url, NEWER), story=story), 0.03, 0.5, others)


def article(title: str, outlet: str, url: str, published: datetime | None) -> Article:
    return Article(url or title, 1, State.LIVE, "", title, outlet, (), url, "en", published, None, NEWER, NEWER)


def test_an_answer_is_its_quotations_and_below_each_where_it_stands() -> None:
    assert answer_pages(BOTH) == [
        Page(
            "> “The flood displaced **1,320** people.” [1]\n"
            f"-# [Flood](<https://c.example/1>) — Courier, {NEWER_SHOWN}\n"
            "> “**About 1,150** were displaced.” [2]\n"
            f"-# l.txt — Ledger, {OLDER_SHOWN}\n"
            "-# also in: Post, Herald",
            "as of 18 Nov 2024 · 2 independent reports · in the articles’ own words · answer a_1",
        )
    ]


def test_what_a_model_worded_comes_first_and_the_quotations_after_it() -> None:
    page = only(answer_pages(WORDED))
    assert page.text.splitlines()[:3] == [
        "Up to 1,320 had to leave. [1][2]",
        "> “The flood displaced **1,320** people.” [1]",
        f"-# [Flood](<https://c.example/1>) — Courier, {NEWER_SHOWN}",
    ]
    assert page.text.count(BRIGADE.removeprefix("About 1,150")) == 1
    assert page.footer == "as of 18 Nov 2024 · 2 independent reports · worded by a language model · answer a_1"


def test_a_quotation_that_two_sources_bear_out_names_both() -> None:
    page = only(answer_pages(replace(BOTH, claims=(Claim(FLOOD, (1, 2)),))))
    assert page.text.startswith("“The flood displaced **1,320** people.” [1][2]\n> “The flood")


def test_differing_reports_are_told_first() -> None:
    page = only(answer_pages(replace(BOTH, differing=(1, 2))))
    assert page.text.startswith(
        "Reports differ:\n"
        f"- **1,320** — Courier, {NEWER_SHOWN}\n"
        f"- **About 1,150** — Ledger, {OLDER_SHOWN}\n\n"
        "> “The flood"
    )
    assert "Reports differ" not in only(answer_pages(BOTH)).text


@pytest.mark.parametrize("answer", [ANSWER, NONE])
def test_a_follow_up_is_shown_as_it_was_read(answer: Answer) -> None:
    read = replace(answer, question=Question("where?", NEWER, read_as="where was *the* flood?"))
    first, rest = only(answer_pages(read)).text.split("\n", 1)
    assert first == r"-# read as: where was \*the\* flood?"
    assert rest.strip() == only(answer_pages(answer)).text


def test_a_refusal_does_not_repeat_what_an_earlier_answer_said() -> None:
    borrowed = Question("and there?", NEWER, read_as="who died in Kolno?", borrows=True)
    page = only(answer_pages(replace(NONE, question=borrowed, reason=Reason.SILENT)))
    assert page.text.startswith("These reports mention it, but do not say: “and there?”\n")
    assert "Kolno" not in page.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": Reason.NOTHING}, "No report in the archive answers that.\n\nNearest headlines\\:\n"),
        ({"reason": Reason.SILENT}, "These reports mention it, but do not say: “How many people were displaced?”\n\n"),
        (
            {"reason": Reason.OLDER, "as_of": OLDER},
            "No report of that time answers that; the newest that does is older, of 13 Nov 2024\\:\n\n",
        ),
    ],
)
def test_a_refusal_says_why_and_links_headlines(changed: dict[str, Any], sentence: str) -> None:
    page = only(answer_pages(replace(NONE, **changed)))
    assert plain(as_discord_reads(page.text)) == (
        f"{sentence}- [Flood](<https://c.example/1>) — Courier, {NEWER_SHOWN}\n- l.txt — Ledger, undated"
    ).replace("\\", "")
    assert page.footer == "answer a_2"


def test_without_headlines_a_refusal_announces_none() -> None:
    assert only(answer_pages(replace(NONE, nearest=()))).text == "No report in the archive answers that."


@pytest.mark.parametrize(
    ("window", "searched"),
    [
        (Window("last week", OLDER, OLDER + timedelta(days=2)), f"last week, {OLDER_SHOWN} to <t:1731578400:D>"),
        (Window("that day", OLDER, OLDER + timedelta(days=1)), f"that day, {OLDER_SHOWN}"),
        (Window("", OLDER, None), f"since {OLDER_SHOWN}"),
        (Window("", None, OLDER + timedelta(days=1)), f"until {OLDER_SHOWN}"),
    ],
)
@pytest.mark.parametrize("answer", [ANSWER, NONE])
def test_the_time_searched_is_told_with_its_last_day(answer: Answer, window: Window, searched: str) -> None:
    assert only(answer_pages(replace(answer, window=window))).text.endswith(f"\n\n-# searched: {searched}")


def test_the_outlets_searched_are_told_after_the_time() -> None:
    some = replace(ANSWER, question=replace(ASKED, where=Filter(outlets=("Courier", "L_d"))))
    assert only(answer_pages(some)).text.endswith("\n\n-# searched: Courier and L\\_d")
    timed = replace(some, window=Window("", OLDER, None))
    assert only(answer_pages(timed)).text.endswith(f"\n-# searched: since {OLDER_SHOWN}, Courier and L\\_d")


@pytest.mark.parametrize(
    ("answer", "after"), [(ANSWER, "; answered in the articles' own words"), (WORDED, ""), (NONE, "")]
)
def test_a_small_line_says_why_no_model_worded_it(answer: Answer, after: str) -> None:
    noted = replace(answer, note="the model *failed*")
    assert only(answer_pages(noted)).text.endswith(f"\n\n-# the model \\*failed\\*{after}")


def test_a_day_without_a_time_is_that_day_from_hawaii_to_new_zealand() -> None:
    shown = re.findall(r"<t:(\d+):D>", only(answer_pages(replace(BOTH, citations=(ONE, TWO)))).text)
    moments = [datetime.fromtimestamp(int(one), UTC) for one in shown]
    assert moments[0] == NEWER
    assert {(moments[1] + timedelta(hours=hours)).date() for hours in (-10, 0, 13)} == {OLDER.date()}


def test_copies_of_a_story_count_as_one_report() -> None:
    first, second = hit(FLOOD, url="https://c.example/1", story="s"), hit(BRIGADE, url="https://l.example/1", story="s")
    cited = (replace(ONE, article=first.article.id), replace(TWO, article=second.article.id))
    assert " · 1 report · " in only(answer_pages(replace(BOTH, citations=cited, passages=(first, second)))).footer


def test_reports_of_the_same_outlet_are_not_called_independent() -> None:
    same = (ONE, replace(TWO, outlet=ONE.outlet))
    assert " · 2 reports · " in only(answer_pages(replace(BOTH, citations=same))).footer


def test_a_quotation_keeps_its_lines_within_the_block() -> None:
    words = "It rained.\n# It poured\n- and poured."
    lines = replace(ONE, quote=words, start=0, end=len(words), answer=(3, len(words) - 8))
    page = only(answer_pages(replace(ANSWER, claims=(Claim(words, (1,)),), citations=(lines,))))
    assert page.text.splitlines()[:3] == ["> “It **rained.**", r"> **\# It poured**", r"> **\- and** poured.” [1]"]


def test_an_article_full_of_tricks_is_seen_as_it_is_written() -> None:
    cited = replace(ONE, quote=TRICKS, start=0, end=len(TRICKS), title=TRICKS, outlet=TRICKS[:72], answer=(15, 23))
    text = only(answer_pages(replace(ANSWER, claims=(Claim(TRICKS, (1,)),), citations=(cited,)))).text
    assert text.splitlines() == [
        r"> “\@everyone \<\@1\> **\*\*bold\*\***"
        r" \[click\](https\:\/\/evil) \`code\` \|\|spoiler\|\| \:skull: \<t\:0\:R\> discord.gg\/x” [1]",
        r"-# \@everyone \<\@1\> \*\*bold\*\* \[click\](https\:\/\/evil) \`code\` \|\|spoiler\|\| \:skull:"
        r" \<t\:0\:R\> discord.gg\/x [open](<https://c.example/1>)"
        r" — \@everyone \<\@1\> \*\*bold\*\* \[click\](https\:\/\/evil) \`code\` \|\|spoiler\|\| \:skull\:, "
        + NEWER_SHOWN,
    ]
    assert seen(text).splitlines() == [f"“{TRICKS}” ", f"{TRICKS} link: open — {TRICKS[:72]}, "]


@pytest.mark.parametrize(
    ("title", "url", "shown"),
    [
        ("Flood: 1 dead (update)", "https://a/b", "[Flood: 1 dead (update)](<https://a/b>)"),
        ("Flood", "HTTP://a/b c>(d)\\é", "[Flood](<HTTP://a/b%20c%3E%28d%29%5C%C3%A9>)"),
        ("Flood [live]", "https://a/b", r"Flood \[live\] [open](<https://a/b>)"),
        ("at https://evil", "https://a/b", r"at https\:\/\/evil [open](<https://a/b>)"),
        ("Flood", "https://a/" + "b" * 3_000, "Flood"),
        ("Flood", "javascript:alert(1)", "Flood"),
        ("Flood", "/news/flood.txt", "Flood"),
        ("", "", "c"),
        ("\u200b", "https://a/b", "[untitled](<https://a/b>)"),
    ],
)
def test_a_title_leads_to_its_page_if_discord_can_link_it(title: str, url: str, shown: str) -> None:
    cited = replace(ONE, title=title, link=url)
    assert only(answer_pages(replace(ANSWER, citations=(cited,)))).text.endswith(
        f"\n-# {shown} — Courier, {NEWER_SHOWN}"
    )


def test_a_link_too_long_for_discord_leads_to_the_page_instead_of_the_quotation() -> None:
    cited = replace(ONE, url="https://a/b", link="https://a/b#:~:text=" + "%D0" * 1_000)
    assert only(answer_pages(replace(ANSWER, citations=(cited,)))).text.endswith(
        f"\n-# [Flood](<https://a/b>) — Courier, {NEWER_SHOWN}"
    )


@pytest.mark.parametrize(("at", "before", "behind"), [(4, "", " …"), (2_000, "… ", " …"), (4_490, "… ", "")])
def test_a_long_quotation_is_cut_at_words_around_those_that_answer(at: int, before: str, behind: str) -> None:
    words = "word " * 900
    words = f"{words[:at]}1,320{words[at:]}"[:4_499]
    cited = replace(ONE, quote=words, start=0, end=len(words), answer=(at, at + 5))
    first = only(answer_pages(replace(ANSWER, claims=(Claim(words, (1,)),), citations=(cited,)))).text.splitlines()[0]
    found = re.fullmatch(r"> (… )?“([^“”]+)”( …)? \[1\]", first)
    assert found is not None
    assert (found[1] or "", found[3] or "") == (before, behind)
    assert "**1,320**" in found[2]
    assert 500 < len(found[2]) <= 1_004
    assert set(found[2].replace("**1,320**", "").split()) == {"word"}


def test_claims_that_do_not_fit_on_a_page_go_to_the_next_with_their_quotations() -> None:
    quotes = [f"Number {n}: " + "word " * 190 for n in range(1, 7)]
    citations = tuple(replace(ONE, n=n, quote=words, answer=None) for n, words in enumerate(quotes, 1))
    claims = tuple(Claim(f"The claim {n} rests on two.", (n, n + 1)) for n in (1, 3, 5))
    pages = answer_pages(replace(WORDED, claims=claims, citations=citations, note="slow"))
    assert [re.findall(r"^The claim (\d)", page.text, re.M) for page in pages] == [["1"], ["3"], ["5"]]
    assert [re.findall(r"^> .*\[(\d)\]$", page.text, re.M) for page in pages] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert [page.text.endswith("\n\n-# slow") for page in pages] == [False, False, True]
    assert len({page.footer for page in pages}) == 1


def test_what_is_proven_so_far_is_shown_with_more_to_come() -> None:
    told = [(Claim("Up to 1,320 had to leave.", (1, 2)), [ONE, TWO]), (Claim(BRIGADE, (2,)), [TWO])]
    assert partial_text(told) == "Up to 1,320 had to leave. [1][2]\n“**About 1,150** were displaced.” [2]\n…"
    assert partial_text([]) == "…"
    assert utf16(partial_text([(Claim("*" * 5_000, (1,)), [ONE])] * 3)) <= MOST


def test_passages_found_are_ranked_and_cut_at_a_word() -> None:
    page = only(hits_pages([hit(FLOOD, "Flood", "https://c.example/1", "Post"), hit("word " * 99, url="")]))
    assert page == Page(
        f"**1** Courier, {NEWER_SHOWN}: [Flood](<https://c.example/1#:~:text=The%20flood%20displaced%201%2C320%20people.>)"
        f"\nalso in: Post\n> “{FLOOD}”\n\n"
        f"**2** Courier, {NEWER_SHOWN}: Flood\n> “{('word ' * 60).strip()}” …",
        "",
    )
    assert only(hits_pages([])).text == "No passage in the archive matches."


def test_many_passages_take_several_pages() -> None:
    pages = hits_pages([hit("word " * 60)] * 30)
    assert len(pages) > 1
    assert re.findall(r"^\*\*(\d+)\*\*", "\n".join(page.text for page in pages), re.M) == [str(n) for n in range(1, 31)]
    assert all(utf16(page.text) <= 3_500 for page in pages)


def test_at_most_ten_headlines_are_links_with_outlet_and_date() -> None:
    page = headlines_page([article(f"Report {n}", "Courier", f"https://c.example/{n}", NEWER) for n in range(12)])
    assert page.text.splitlines() == [
        f"- [Report {n}](<https://c.example/{n}>) — Courier, {NEWER_SHOWN}" for n in range(10)
    ]
    assert headlines_page([]).text == "There are no articles yet."


def test_each_citation_has_its_verdict_in_words() -> None:
    checks = [Check(ONE, Verdict.SUPERSEDED, 3), Check(TWO, Verdict.MISMATCH, 1)]
    assert verdicts_page(checks) == Page(
        f"[1] **verified, changed since** — Flood, Courier, {NEWER_SHOWN} (revision 3 exists)\n"
        "> “The flood displaced **1,320** people.”\n"
        f"[2] **the quote is not there** — l.txt, Ledger, {OLDER_SHOWN}\n"
        "> “**About 1,150** were displaced.”",
        "1 of 2 quotations verified",
    )
    assert verdicts_page([]).text == "That answer quotes nothing."


def test_the_words_of_a_removed_article_are_not_shown_again() -> None:
    page = verdicts_page([Check(ONE, Verdict.REMOVED, 1)])
    assert page.text == f"[1] **removed from the archive** — Flood, Courier, {NEWER_SHOWN}"
    assert page.footer == "0 of 1 quotation verified"


UNSEEN = "\x00\x1b\r\x85\xad\u200b\u202e\u2066\ufeff\U000e0041\U000e007f"
SIGNS = "\\*_~|`[]()<>@#:/-+.0123 \n\t>&!=“”’aéשلا本😀👩\u200d🚀\u200f\u2028" + UNSEEN
PIECES = [*TRICKS.split(), "- ", "-# ", "1. ", "> ", ">>> ", "# ", "```", "](", "https://", "\n", "\n\n", "word ", " "]
SEEN = st.characters(exclude_categories=["Cc", "Cf", "Cs"])
texts = st.one_of(st.text(st.sampled_from(SIGNS)), st.lists(st.sampled_from(PIECES)).map("".join), st.text(SEEN))
long_texts = st.builds(lambda text, times: (text * times)[:6_000], texts, st.sampled_from([1, 1, 40, 900]))
urls = st.builds(
    lambda start, text, times: start + text * times,
    st.sampled_from(["https://a.example/", "http://a.example/x)", "/a/", "javascript:", ""]),
    st.one_of(st.text(st.sampled_from("abc/?&=)(> ]["), max_size=9), st.text(max_size=5)),
    st.sampled_from([1, 200]),
)


@given(texts, texts)
@example("1", ". not a list")
@example("https", "://evil")
def test_escaped_text_is_seen_character_by_character(one: str, other: str) -> None:
    shown = as_discord_reads(escape(one) + escape(other))
    assert plain(shown) == "".join(c for c in one + other if c not in UNSEEN)
    assert not ACTIVE.search(shown)


@pytest.mark.parametrize("kept", ["\n", "\t", "\u200c", "\u200d", "\u200e", "\ufe0f", "\u0600"])
def test_characters_that_shape_what_is_seen_are_kept(kept: str) -> None:
    assert escape(f"a{kept}b") == f"a{kept}b"


def test_half_a_character_is_dropped_from_a_title_and_replaced_in_an_address() -> None:
    cited = replace(ONE, title="Flo\ud83dod", link="https://a/\ud83d")
    assert only(answer_pages(replace(ANSWER, citations=(cited,)))).text.endswith(
        f"\n-# [Flood](<https://a/?>) — Courier, {NEWER_SHOWN}"
    )


@st.composite
def citations(draw: st.DrawFn, n: int, words: st.SearchStrategy[str], links: st.SearchStrategy[str]) -> Citation:
    quote = draw(words.filter(bool))
    start = draw(st.integers(0, len(quote)))
    marked = draw(st.none() | st.tuples(st.just(start), st.integers(start, len(quote))))
    published = draw(st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001
    answer = (marked[0] + 7, marked[1] + 7) if marked else None
    moment = published and published.replace(tzinfo=UTC)
    also = tuple(draw(st.lists(words, max_size=2)))
    place = (draw(words), 1, draw(words), draw(words), draw(links), moment, draw(links))
    return Citation(n, quote, 7, 7 + len(quote), *place, also, answer)


@st.composite
def answers(draw: st.DrawFn, words: st.SearchStrategy[str], links: st.SearchStrategy[str]) -> Answer:
    cited = tuple(draw(citations(n, words, links)) for n in range(1, draw(st.integers(1, 4)) + 1))
    numbers = st.lists(st.sampled_from([one.n for one in cited]), min_size=1, unique=True).map(tuple)
    said = st.builds(Claim, words, numbers) | st.sampled_from(cited).map(lambda one: Claim(one.quote, (one.n,)))
    asked = Question(draw(words), NEWER, Filter(outlets=tuple(draw(st.lists(words, max_size=2)))), read_as=draw(words))
    named = st.builds(Headline, words, words, st.just(NEWER), links, words)
    return Answer(
        "a_1",
        asked,
        draw(st.sampled_from(Mode)),
        tuple(draw(st.lists(said, max_size=3))),
        cited,
        tuple(draw(st.lists(named, max_size=3))),
        0.5,
        NEWER,
        {},
        window=draw(st.none() | st.builds(Window, words, st.just(OLDER), st.just(NEWER))),
        differing=draw(st.just(()) | numbers),
        reason=draw(st.sampled_from(Reason)),
        note=draw(words),
    )


def markers(text: str, *, quoted: bool) -> set[str]:
    rows = [row for row in as_discord_reads(text).split("\n") if row.startswith(">") is quoted]
    return set(re.findall(r"\[(\d+)\](?!\()", "\n".join(rows)))


@given(answers(long_texts, urls))
def test_any_answer_fits_and_holds_no_markdown_but_ours(answer: Answer) -> None:
    pages = answer_pages(answer)
    assert pages
    for page in pages:
        assert 0 < utf16(page.text) <= 4_096
        assert 0 < utf16(page.footer) <= 2_048
        assert not ACTIVE.search(without_ours(page.text))
    text = "\n".join(page.text for page in pages)
    if answer.answered:
        assert markers(text, quoted=True) == {str(n) for claim in answer.claims for n in claim.citations}


@given(answers(st.text(st.sampled_from(SIGNS), max_size=80), urls.filter(lambda url: len(url) < 80 and url.isascii())))
def test_a_claim_of_usual_length_is_on_one_page_with_all_that_it_rests_on(answer: Answer) -> None:
    for page in answer_pages(replace(answer, claims=answer.claims or (Claim("So it is.", (1,)),))):
        assert markers(page.text, quoted=False) <= markers(page.text, quoted=True)


@given(st.lists(citations(1, long_texts, urls), max_size=9))
def test_verdicts_partial_answers_and_headlines_fit_on_a_page(cited: list[Citation]) -> None:
    verdicts = verdicts_page([Check(one, Verdict.VERIFIED, 1) for one in cited])
    partial = partial_text([(Claim(one.quote, (1,)), [one]) for one in cited])
    headlines = headlines_page([article(one.title, one.outlet, one.url, one.published) for one in cited])
    found = hits_pages([hit(one.quote, one.title, one.url, *one.also) for one in cited])
    for text in (verdicts.text, partial, headlines.text, *(page.text for page in found)):
        assert 0 < utf16(text) <= 4_096
        assert not ACTIVE.search(without_ours(text))
