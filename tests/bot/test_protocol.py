"""What language models write, and the drafts of claims that it is read as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.utils.function_calling import convert_to_openai_function

from bot.protocol import MOST_DRAFTS, SCHEMA, Draft, DraftQuote, DraftReader
from bot.protocol_records import LONGEST

Expected = tuple[str, *tuple[tuple[int, str], ...]]

CLAIM = "Almost 24,000 flights were supervised."
WORDS = "almost 24,000 flights were supervised"
ONE: list[Expected] = [(CLAIM, (2, WORDS))]
TWO: list[Expected] = [(CLAIM, (2, WORDS), (5, "in six days"))]
UNNUMBERED: list[Expected] = [(CLAIM, (0, WORDS))]


def read(pieces: Iterable[str]) -> tuple[list[Draft], bool]:
    reader = DraftReader()
    drafts = [draft for piece in pieces for draft in reader.feed(piece)]
    return drafts + reader.close(), reader.declined


def drafts(*expected: Expected) -> list[Draft]:
    return [Draft(claim, tuple(DraftQuote(*quote) for quote in quotes)) for claim, *quotes in expected]


LINES: dict[str, list[Expected]] = {
    # as asked for
    f'[2] "{WORDS}" -> {CLAIM}': ONE,
    f'[2] "{WORDS}" [5] "in six days" -> {CLAIM}': TWO,
    f'[2] "{WORDS}" -> {CLAIM}\n[4] "it cost 8 crowns" -> It cost 8 crowns.\n': [
        *ONE,
        ("It cost 8 crowns.", (4, "it cost 8 crowns")),
    ],
    f'\r\n[2] "{WORDS}" -> {CLAIM}\r\n\r\n': ONE,
    # numbering, markup and labels around it
    f'1. [2] "{WORDS}" -> {CLAIM}': ONE,
    f'2) [2] "{WORDS}" -> {CLAIM}': ONE,
    f'- [2] "{WORDS}" -> {CLAIM}': ONE,
    f'* [2] "{WORDS}" -> {CLAIM}': ONE,
    f'  • [2]  "{WORDS}"  ->  {CLAIM}  ': ONE,
    f'> [2] "{WORDS}" -> {CLAIM}': ONE,
    f'### 1. [2] "{WORDS}" -> {CLAIM}': ONE,
    f'**[2]** "{WORDS}" -> **{CLAIM}**': ONE,
    f'1. **[2] "{WORDS}"** → *{CLAIM}*': ONE,
    f'**Claim 1:** [2] "{WORDS}" -> {CLAIM}': ONE,
    f'Quote: [2] "{WORDS}" -> Claim: {CLAIM}': ONE,
    f'Answer:\n[2] "{WORDS}" -> {CLAIM}': ONE,
    f'```\n[2] "{WORDS}" -> {CLAIM}\n```': ONE,
    f'`[2] "{WORDS}" -> {CLAIM}`': ONE,
    f'[2] "{WORDS}" -> {CLAIM}</s>': ONE,
    f'[2] "{WORDS}" -> {CLAIM}<|im_end|>': ONE,
    # the passage's number
    f'(2) "{WORDS}" -> {CLAIM}': ONE,
    f'[2]: "{WORDS}" -> {CLAIM}': ONE,
    f'[2]"{WORDS}"->{CLAIM}': ONE,
    f'[Passage 2] "{WORDS}" -> {CLAIM}': ONE,
    f'Passage 2: "{WORDS}" -> {CLAIM}': ONE,
    f'* **Passage [2]**: "{WORDS}" -> {CLAIM}': ONE,
    f'【2】 "{WORDS}" -> {CLAIM}': ONE,
    f'[2, 5] "{WORDS}" -> {CLAIM}': ONE,
    f'"{WORDS}" [2] -> {CLAIM}': ONE,
    f'"{WORDS}" -> {CLAIM}': UNNUMBERED,
    f'- "{WORDS}" -> {CLAIM}': UNNUMBERED,
    # quotation marks
    f"[2] “{WORDS}” -> {CLAIM}": ONE,
    f"[2] «{WORDS}» -> {CLAIM}": ONE,
    f"[2] « {WORDS} » -> {CLAIM}": ONE,
    f"[2] „{WORDS}“ -> {CLAIM}": ONE,
    f"[2] '{WORDS}' -> {CLAIM}": ONE,
    f"[2] ‘{WORDS}’ -> {CLAIM}": ONE,
    f"[2] ''{WORDS}'' -> {CLAIM}": ONE,
    f"[2] `{WORDS}` -> {CLAIM}": ONE,
    f'[2] “{WORDS}" -> {CLAIM}': ONE,
    f'[2] \\"{WORDS}\\" -> {CLAIM}': ONE,
    f'[2] "{WORDS} -> {CLAIM}': ONE,
    f'[2] {WORDS}" -> {CLAIM}': ONE,
    f"[2] {WORDS} -> {CLAIM}": ONE,
    f"[2] {WORDS} [5] in six days -> {CLAIM}": TWO,
    f'[2] "{WORDS}" -> "{CLAIM}"': ONE,
    f'[2] "{WORDS} -> {CLAIM}"': ONE,
    "[2] 'the mayor's words' -> The mayor's words.": [("The mayor's words.", (2, "the mayor's words"))],
    '[2] "he said "no" to it" -> He said "no".': [('He said "no".', (2, 'he said "no" to it'))],
    '[2] "he said \\"no\\" to it" -> He said no.': [("He said no.", (2, 'he said "no" to it'))],
    '[2] "he said "no"" -> He said no.': [("He said no.", (2, 'he said "no"'))],
    "[2] “he said ‘no’ to it” -> He said no.": [("He said no.", (2, "he said ‘no’ to it"))],
    '[2] "from Eel -> Ham at 5" -> It goes from Eel.': [("It goes from Eel.", (2, "from Eel -> Ham at 5"))],
    '[2] "-5 degrees" -> It was -5 degrees.': [("It was -5 degrees.", (2, "-5 degrees"))],
    "[2] -5 degrees -> It was -5 degrees.": [("It was -5 degrees.", (2, "-5 degrees"))],
    # between quotation and claim
    f'[2] "{WORDS}" => {CLAIM}': ONE,
    f'[2] "{WORDS}" --> {CLAIM}': ONE,
    f'[2] "{WORDS}" —> {CLAIM}': ONE,
    f'[2] "{WORDS}" → {CLAIM}': ONE,
    f'[2] "{WORDS}" ⇒ {CLAIM}': ONE,
    f'[2] "{WORDS}" | {CLAIM}': ONE,
    f'| [2] | "{WORDS}" | {CLAIM} |': ONE,
    f'[2] "{WORDS}": {CLAIM}': ONE,
    f'[2] "{WORDS}" — {CLAIM}': ONE,
    f'[2] "{WORDS}" {CLAIM}': ONE,
    f'[2] "{WORDS}". {CLAIM}': ONE,
    f'[2] "{WORDS}." -> {CLAIM}': [(CLAIM, (2, f"{WORDS}."))],
    f'[2] "{WORDS}", -> {CLAIM}': ONE,
    # several quotations
    f'[2] "{WORDS}", [5] "in six days" -> {CLAIM}': TWO,
    f'[2] "{WORDS}" and [5] "in six days" -> {CLAIM}': TWO,
    f'[2] "{WORDS}" [5] "in six days" {CLAIM}': TWO,
    f'[2] "{WORDS}" "in six days" -> {CLAIM}': [(CLAIM, (2, WORDS), (0, "in six days"))],
    # the claim first
    f'{CLAIM} [2] "{WORDS}"': ONE,
    f'- {CLAIM} [2] "{WORDS}" [5] "in six days".': TWO,
    f'{CLAIM} -> [2] "{WORDS}"': ONE,
    f"{CLAIM} -> [2] {WORDS}": ONE,
    f'{CLAIM} -> "{WORDS}"': UNNUMBERED,
    f'"{CLAIM}" -> [2] "{WORDS}"': ONE,
    f'{CLAIM} (2) "{WORDS}"': ONE,
    f'{CLAIM} [2]: "{WORDS}"': ONE,
    f'Claim: {CLAIM} Evidence: [2] "{WORDS}"': ONE,
    '-5 degrees were measured -> [2] "it was -5 degrees"': [("-5 degrees were measured", (2, "it was -5 degrees"))],
    # citation markers in the claim
    f'[2] "{WORDS}" -> {CLAIM} [2]': ONE,
    f'[2] "{WORDS}" -> {CLAIM}[2][3]': ONE,
    f'[2] "{WORDS}" -> {CLAIM[:-1]} [2, 3].': ONE,
    f'[2] "{WORDS}" -> {CLAIM[:-1]} (2).': ONE,
    f'[2] "{WORDS}" -> {CLAIM} (Passage 2)': ONE,
    f'[2] "{WORDS}" -> [2] {CLAIM}': ONE,
    '[2] "John Smith, 24" -> He is John Smith (24).': [("He is John Smith (24).", (2, "John Smith, 24"))],
    # an empty quotation
    f'[2] "" -> {CLAIM}': [(CLAIM, (2, ""))],
    f'[2] "" [2] "{WORDS}" [3] "…" -> {CLAIM}': ONE,
    # chatter and thoughts around it
    f'Sure! Here are the claims:\n\n[2] "{WORDS}" -> {CLAIM}\n\nLet me know if "more" is needed.': ONE,
    f'<think>\n[1] "this" -> That.\n\nNO ANSWER\n</think>\n\n[2] "{WORDS}" -> {CLAIM}': ONE,
    f'<Thinking>[1] "this" -> That.\n</Thinking>[2] "{WORDS}" -> {CLAIM}': ONE,
    f'<think></think>\n[2] "{WORDS}" -> {CLAIM}': ONE,
    f'the words "this" -> are said </think>[2] "{WORDS}" -> {CLAIM}': ONE,
    f'The set {{sic}} is:\n[2] "{WORDS}" -> {CLAIM}': ONE,
    '[2] "an <think> tag" -> A tag.': [("A tag.", (2, "an <think> tag"))],
    '[2] "No answer was given" -> No answer was given.': [("No answer was given.", (2, "No answer was given"))],
}

OBJECT = {"claim": CLAIM, "quotes": [{"passage": 2, "quote": WORDS}]}
BOTH = {"claim": CLAIM, "quotes": [{"passage": 2, "quote": WORDS}, {"passage": 5, "quote": "in six days"}]}

OBJECTS: dict[str, list[Expected]] = {
    # as asked for
    json.dumps({"claims": [OBJECT]}): ONE,
    json.dumps({"claims": [BOTH]}, indent=2): TWO,
    json.dumps({"claims": [BOTH, OBJECT]}): [*TWO, *ONE],
    json.dumps({"claims": [OBJECT, BOTH]}, indent=4): [*ONE, *TWO],
    # around the claims
    json.dumps([OBJECT, BOTH]): [*ONE, *TWO],
    json.dumps([OBJECT, BOTH], indent=1): [*ONE, *TWO],
    f"{json.dumps(OBJECT)}\n{json.dumps(BOTH)}": [*ONE, *TWO],
    f"{json.dumps(OBJECT)},{json.dumps(BOTH)}": [*ONE, *TWO],
    f"```json\n{json.dumps({'claims': [OBJECT]}, indent=2)}\n```": ONE,
    f"Here's the JSON: {json.dumps({'claims': [OBJECT]})}\nI hope this helps.": ONE,
    f"1. {json.dumps(OBJECT)}": ONE,
    f"<think>{json.dumps(BOTH)}</think>{json.dumps(OBJECT)}": ONE,
    json.dumps({"question": "How many?", "result": {"claims": [OBJECT]}, "note": '[1] "this" -> That.'}): ONE,
    json.dumps({"answer": "Some flights.", "claims": [OBJECT]}): ONE,
    json.dumps({"reasoning": "so " * LONGEST, "claims": [OBJECT]}): ONE,
    json.dumps({"claims": [OBJECT]}) + f'\n[2] "{WORDS}" -> {CLAIM}': [*ONE, *ONE],
    f'[2] "{WORDS}" -> {CLAIM}\n' + json.dumps(BOTH): [*ONE, *TWO],
    # sloppy JSON
    f'{{"claims": [{{"claim": "{CLAIM}", "quotes": [{{"passage": 2, "quote": "{WORDS}",}},],}},],}}': ONE,
    f"{{'claims': [{{'claim': '{CLAIM}', 'quotes': [{{'passage': 2, 'quote': '{WORDS}'}}]}}]}}": ONE,
    f'{{"claim": "{CLAIM}", "quotes": [{{"passage": 2, "quote": "{WORDS}"}}] // proof\n}}': ONE,
    f'{{"claims": [{{"claim": "{CLAIM}", "quotes": [{{"passage": 2, "quote": "{WORDS}"}}]}}': ONE,
    '{"claim": "He said "no".", "quotes": [{"passage": 2, "quote": "he said "no" to it"}]}': [
        ('He said "no".', (2, 'he said "no" to it'))
    ],
    '{"claim": "He said \\"no\\".", "quotes": [{"passage": 2, "quote": "he {said} \\"no\\" }"}]}': [
        ('He said "no".', (2, 'he {said} "no" }'))
    ],
    "{'claim': 'The mayor's words.', 'quotes': [{'passage': 2, 'quote': 'the mayor said'}]}": [
        ("The mayor's words.", (2, "the mayor said"))
    ],
    # an empty quotation
    json.dumps({"claim": CLAIM, "quotes": [{"passage": 2, "quote": ""}]}): [(CLAIM, (2, ""))],
    json.dumps({"claim": CLAIM, "quotes": [{"passage": 2, "quote": 24_000}]}): [(CLAIM, (2, ""))],
    # names of fields and forms of values
    json.dumps({"Claim": CLAIM, "Quotes": [{"Passage": 2, "Quote": WORDS}]}): ONE,
    json.dumps({"statement": CLAIM, "evidence": [{"id": "2", "text": WORDS}]}): ONE,
    json.dumps({"text": CLAIM, "sources": [{"n": "[2]", "words": WORDS}]}): ONE,
    json.dumps({"answer": CLAIM, "citations": [{"source": 2, "quote": WORDS}]}): ONE,
    json.dumps({"claim": CLAIM, "citations": [{"passage_number": "Passage 2", "exact_words": WORDS}]}): ONE,
    json.dumps({"claim": CLAIM, "quotes": {"passage": 2, "quote": WORDS}}): ONE,
    json.dumps({"claim": CLAIM, "quotes": f'[2] "{WORDS}"'}): ONE,
    json.dumps({"claim": CLAIM, "quotes": [f"[2] {WORDS}", "[5]: in six days"]}): TWO,
    json.dumps({"claim": CLAIM, "quote": WORDS, "passage": 2}): ONE,
    json.dumps({"claim": CLAIM, "quote": WORDS}): UNNUMBERED,
    json.dumps({"claim": CLAIM, "quotes": [{"passage": None, "quote": WORDS}]}): UNNUMBERED,
    json.dumps({"quotes": [{"passage": 2, "quote": WORDS}], "claim": f"{CLAIM} [2]"}): ONE,
    json.dumps({"claim": CLAIM, "quotes": ["-5 degrees"]}): [(CLAIM, (0, "-5 degrees"))],
    json.dumps({"claim": CLAIM, "quotes": [{"passage": 2, "quote": "two\nlines"}, "[5] two\nlines"]}): [
        (CLAIM, (2, "two\nlines"), (5, "two\nlines"))
    ],
    json.dumps({"claim": CLAIM, "quotes": [{"passage": 2, "quote": WORDS}, {"passage": 3, "quote": "…"}]}): ONE,
}

NOTHING = [
    "",
    "The bridge will be closed in March [2], and costs 4.2 million crowns [4].",
    "According to passage 2, the bridge will be closed.",
    'According to passage 2, "the bridge will be closed".',
    'According to [2], "the bridge will be closed" from March.',
    'As passage 2 says: "the bridge will be closed".',
    '[2] "the bridge will be closed" is what the passage says.',
    'The mayor said "we will close it" on Monday.',
    '"We will close it," the mayor said. "Soon."',
    "Passage 1 -> about the bridge",
    "# Answer\n\n1. The bridge -> closed",
    "[2] -> [5]",
    '[1] "the bridge will be closed" ->',
    "[1] The bridge will be closed.",
    "**Answer:** The bridge will be closed. [1]",
    "Source: [2]",
    'Source: [2] "the bridge will be closed"',
    "<think>\n" + f'[2] "{WORDS}" -> {CLAIM}\n',
    "I cannot help with that.",
    "{}",
    "{sic",
    '{"a": 1}',
    f"{{“claim”: “{CLAIM}”, “quotes”: [{{“passage”: 2, “quote”: “{WORDS}”}}]}}",
    json.dumps({"answer": CLAIM}),
    json.dumps({"claims": [CLAIM]}),
    json.dumps({"claim": CLAIM, "quotes": []}),
    json.dumps({"claim": CLAIM, "quotes": None}),
    json.dumps({"claim": "", "quotes": [{"passage": 2, "quote": WORDS}]}),
    json.dumps({"claim": {"a": 1}, "quotes": [{"passage": 2, "quote": WORDS}]}),
    f"{CLAIM} -> [2]",
    json.dumps(OBJECT)[:-1],
    '{"claim": "a", "quotes": ' + "[" * 3000 + "]" * 3000 + "}",
    '"claim": "Almost 24,000 flights", "quote": "almost 24,000 flights"',
]

REFUSALS = [
    "NO ANSWER",
    "No answer.",
    "no answer\n",
    "**NO ANSWER**",
    "`NO_ANSWER`",
    '"NO ANSWER."',
    "[NO ANSWER]",
    "Answer: NO ANSWER",
    "- NO ANSWER",
    "```\nNO ANSWER\n```",
    "NO ANSWER: the passages do not mention it.",
    "NO ANSWER\n\nThe passages do not mention it.",
    '[1] "the bridge" -> NO ANSWER',
    "<think>Is it said?\nIt is not.</think>\nNO ANSWER",
    "[]",
    '{"claims": []}',
    '{\n  "claims": [\n  ]\n}',
    '```json\n{"claims": []}\n```',
    '{"claims": null}',
    '{"claims": ["NO ANSWER"]}',
    '{"claims": [{"claim": "NO ANSWER", "quotes": []}]}',
    '{"claims": [{"claim": "No answer.", "quotes": [{"passage": 1, "quote": "the bridge"}]}]}',
    '{"answer": "NO ANSWER"}',
]


@pytest.mark.parametrize(("text", "expected"), (LINES | OBJECTS).items())
def test_what_models_write_is_read(text: str, expected: list[Expected]) -> None:
    assert read([text]) == (drafts(*expected), False)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_claim_with_a_quotation_is_ignored(text: str) -> None:
    assert read([text]) == ([], False)


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_told_from_chatter(text: str) -> None:
    assert read([text]) == ([], True)


def test_who_claims_something_has_not_declined() -> None:
    assert read([f'NO ANSWER\n[2] "{WORDS}" -> {CLAIM}\nNO ANSWER']) == (drafts(*ONE), False)


@pytest.mark.parametrize("text", [*LINES, *OBJECTS, *NOTHING, *REFUSALS])
def test_every_text_reads_the_same_in_single_characters(text: str) -> None:
    assert read(text) == read([text])


def test_a_line_is_complete_at_its_end() -> None:
    reader = DraftReader()
    assert reader.feed(f'[2] "{WORDS}" -> {CLAIM}') == []
    assert reader.feed("\n[") == drafts(*ONE)
    assert reader.feed('4] "it cost 8 crowns" -> It cost 8 crowns.') == []
    assert reader.close() == drafts(("It cost 8 crowns.", (4, "it cost 8 crowns")))


@pytest.mark.parametrize("indent", [None, 2])
def test_an_object_is_complete_at_its_closing_brace(indent: int | None) -> None:
    text = json.dumps({"claims": [OBJECT, BOTH]}, indent=indent)
    reader = DraftReader()
    complete = [len(text[: at + 1]) for at, character in enumerate(text) if reader.feed(character)]
    assert [re.sub(r"\s", "", text[:end])[-3:] for end in complete] == ["}]}", "}]}"]
    assert len(complete) == 2
    assert complete[0] < len(text) / 2
    assert reader.close() == []


@pytest.mark.parametrize("junk", ["x", "{", '{"', '[2] "x ', '{"claim": "', "<think>", "{'a", '{"a":', "\\"])
def test_a_record_that_never_ends_takes_no_memory(junk: str) -> None:
    reader = DraftReader()
    for _ in range(100_000 // len(junk)):
        assert reader.feed(junk) == []
    assert len(reader._splitter._kept) <= LONGEST + 1


def test_a_line_too_long_is_dropped_and_the_next_is_read() -> None:
    fits = "x" * (LONGEST - len('[2] "" -> A.'))
    assert read([f'[2] "{fits}" -> A.\n']) == (drafts(("A.", (2, fits))), False)
    assert read([f'[2] "{fits}x" -> A.\n[2] "{WORDS}" -> {CLAIM}\n']) == (drafts(*ONE), False)


def test_an_object_too_long_is_dropped_and_the_next_is_read() -> None:
    long = {"claim": "x" * LONGEST, "quotes": [{"passage": 2, "quote": "x}"}]}
    assert read([json.dumps({"claims": [long, OBJECT]})]) == (drafts(*ONE), False)


@pytest.mark.parametrize("record", [f'[2] "{WORDS}" -> {CLAIM}\n', json.dumps(OBJECT)])
def test_no_more_than_twenty_drafts_are_read(record: str) -> None:
    assert len(read([record * 50])[0]) == len(read(record * 50)[0]) == MOST_DRAFTS


def test_the_schema_is_fit_for_strict_structured_output() -> None:
    def check(part: dict[str, object]) -> None:
        if part["type"] == "object":
            properties = part["properties"]
            assert isinstance(properties, dict)
            assert part["required"] == list(properties)
            assert part["additionalProperties"] is False
            for one in properties.values():
                assert one["description"]
                check(one)
        if part["type"] == "array":
            assert isinstance(part["items"], dict)
            check(part["items"])

    check(SCHEMA)
    function = convert_to_openai_function(SCHEMA, strict=True)
    assert (function["name"], function["strict"]) == ("Claims", True)
    assert function["description"]


SHARDS = [
    *('[2] "', '" -> ', "->", "→", "|", ": ", '"', "“", "”", "'", "’", "`", "«", "\\", '\\"', "(2)", "[", "]", "[5]"),
    *(
        "{",
        "}",
        '{"claim": "',
        '", "quotes": [',
        '{"passage": 2, "quote": "',
        '"}',
        "]}",
        '{"claims": [',
        ",",
        "'claim': '",
    ),
    *("<think>", "</think>", "<", ">", "\n", " ", "\r\n", "```json\n", "**", "1. ", "- ", "Passage 2", "Claim: "),
    *("NO ANSWER", "no", "answer", "A claim.", "the words", "24,000", "ß", "é", "字", "\u00a0", "\u2028", "\x00"),
]
TEXTS = st.lists(st.sampled_from(SHARDS) | st.text(max_size=3), max_size=30).map("".join)
OURS = st.sampled_from([*LINES, *OBJECTS, *REFUSALS])


@given(st.lists(OURS | TEXTS, max_size=4).map("\n".join), st.data())
def test_the_drafts_are_the_same_however_the_text_is_split(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=10).map(sorted))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(pieces) == read(text) == read([text])


@given(TEXTS)
def test_no_text_gives_a_draft_with_words_that_are_not_in_it(text: str) -> None:
    found, _ = read([text])
    for draft in found:
        assert draft.quotes
        assert any(map(str.isalnum, draft.text))
        for said in (draft.text, *(quote.words for quote in draft.quotes)):
            assert set(re.findall(r"[^\W_]+", said)) <= set(re.findall(r"[^\W_]+", text))


NAMES = st.text("abcXYZéß 0,9%’", min_size=1, max_size=20)
SENTENCES = st.lists(NAMES, min_size=1, max_size=3).map("".join).map(str.strip)
WITH_MARKS = st.lists(
    NAMES | st.sampled_from(['"', " “", "” ", "->", " → ", "»", "'", "(", "a"]), min_size=1, max_size=6
)


def is_plain(words: str) -> bool:
    """Whether it says something, and nowhere looks like the end of a quotation or the beginning of a claim."""
    return (
        any(map(str.isalnum, words))
        and not re.match(r"\W*(?:->|→)", words)
        and not re.search(r"[\"“”»'’][.,;: ]*(?:->|→)", words)
        and not re.search(r"\S[\"“”»][,;]? [\"“”»]\w", words)
        and not {words[0], words[-1]} & set("\"“”»'’")
    )


QUOTED = WITH_MARKS.map("".join).map(str.split).map(" ".join).filter(bool).filter(is_plain)
CLAIMS = SENTENCES.map(str.split).map(" ".join).filter(bool).filter(is_plain)
DRAFTS = st.builds(
    Draft, CLAIMS, st.lists(st.builds(DraftQuote, st.integers(1, 10), QUOTED), min_size=1, max_size=3).map(tuple)
)


@given(st.lists(DRAFTS, max_size=5))
def test_drafts_written_as_lines_are_read_back(written: list[Draft]) -> None:
    lines = [
        " ".join(f'[{quote.passage}] "{quote.words}"' for quote in draft.quotes) + f" -> {draft.text}\n"
        for draft in written
    ]
    assert read(lines) == (written, False)


@given(st.lists(DRAFTS, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_drafts_written_as_json_are_read_back(written: list[Draft], indent: int | None, ascii_only: bool) -> None:
    claims = [
        {"claim": draft.text, "quotes": [{"passage": quote.passage, "quote": quote.words} for quote in draft.quotes]}
        for draft in written
    ]
    text = json.dumps({"claims": claims}, indent=indent, ensure_ascii=ascii_only)
    assert read([text]) == (written, not written)
