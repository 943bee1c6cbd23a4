"""What a claim says must be what the quoted words say: not more sure, not denied, not of another thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.plainness import LONGEST
from bot.wording import objections
from ingest.chunk import sentences

Object = Callable[..., tuple[str, ...]]

BORNE_OUT = [
    (
        "Border police supervised almost 24,000 flights.",
        "At airports, border police supervised almost 24,000 flights in six days.",
    ),
    (
        "Almost 24,000 flights were supervised by border police.",
        "border police supervised almost 24,000 flights in six days",
    ),
    (
        "Nearly 24,000 flights were supervised by border police in six days.",
        "border police supervised almost 24,000 flights in six days",
    ),
    ("2,517 people were arrested during the operation.", "In all, 2,517 people were arrested, said Jürgen Stock."),
    (
        "The bridge reopened on 12 November after two years of repairs.",
        "After two years of repairs, the bridge was opened again on 12 November.",
    ),
    (
        "The council rejected the plan by 31 votes to 12.",
        "Councillors rejected the plan, 31 votes to 12, after a three-hour debate.",
    ),
    ("The museum will not reopen before spring.", "The museum will not reopen before spring, its director said."),
    ("Nobody was hurt in the fire.", "Nobody was hurt in the fire, which broke out at 3 a.m."),
    ("No one was injured in the fire.", "Nobody was injured in the fire, which broke out at 3 a.m."),
    ("The fire caused no injuries.", "There were no injuries in the fire."),
    ("The minister denied the report.", "The minister denied the report on Tuesday."),
    ("The minister denied that money had been paid.", "The minister denied on Tuesday that any money had been paid."),
    (
        "The company expects a profit of $4.2 billion.",
        "The company said it expects a profit of $4.2 billion for the year.",
    ),
    ("Talks may resume next week, the envoy said.", "The envoy said that talks may resume next week."),
    ("Talks could resume next week.", "The envoy said that talks may resume next week."),
    ("More than 300 homes lost power.", "The storm left more than 300 homes without power."),
    ("Over 300 homes were left without power.", "The storm left more than 300 homes without power."),
    ("At least 14 people died in the collapse.", "At least 14 people died when the roof collapsed."),
    ("Up to 40 workers could lose their jobs.", "Up to 40 workers could lose their jobs, the union said."),
    ("The ferry fare rises to 12 crowns on 1 January.", "From 1 January the ferry fare rises to 12 crowns."),
    ("Lantern was launched in March 2023.", "Lantern, launched in March 2023, has 40,000 users."),
    ("Lantern has 40,000 users.", "Lantern, launched in March 2023, has 40,000 users."),
    (
        "Anna Berg was elected mayor with 54 percent of the vote.",
        "Anna Berg won the mayoral election with 54% of the vote.",
    ),
    ("Anna Berg won 54% of the vote.", "Anna Berg won the mayoral election with 54 per cent of the vote."),
    ("The budget was cut by a third.", "The council cut the budget by a third."),
    ("Sales fell 12% to 3.1 million crowns.", "Sales fell 12 per cent, to 3.1 million crowns."),
    ("The dam has not been inspected since 2016.", "The dam had not been inspected since 2016."),
    ("Police said the suspect had acted alone.", "The suspect acted alone, police said."),
    ("The river peaked at 7.4 metres.", "The river peaked at 7.4 metres at dawn on Sunday, flooding 320 cellars."),
    ("The flood reached 320 cellars.", "The river peaked at 7.4 metres at dawn on Sunday, flooding 320 cellars."),
    ("The school has 480 pupils and 31 teachers.", "The school, with 480 pupils and 31 teachers, closes in June."),
    ("The trial is due to begin on 3 March.", "The trial is due to start on 3 March and to begin with the witnesses."),
    ("The trial will begin on 3 March.", "The trial is due to begin on 3 March."),
    ("The mine closed in 1987.", "The mine, which closed in 1987, employed 2,000 people."),
    ("He is suspected of setting the fire.", "He is suspected of having set the fire."),
    ("Both sides agreed to a ceasefire from midnight.", "Both sides agreed to a ceasefire that begins at midnight."),
    ("The strike ended without an agreement.", "The strike ended on Friday without an agreement."),
    ("The plant can produce 500,000 tonnes a year.", "The plant can produce half a million tonnes a year."),
    ("Some 1,320 people were evacuated.", "About 1,320 people were evacuated overnight."),
    ("The committee could not agree on a date.", "The committee failed to agree on a date."),
    ("The airline cancelled 52 of 60 flights.", "The airline cancelled 52 of its 60 flights on Monday."),
    ("Ticket prices will rise by 5% next year.", "Ticket prices will go up by 5% next year, the operator said."),
    ("The law was passed unanimously.", "Parliament passed the law unanimously on Thursday."),
    (
        "The hospital treated 61 patients, none of them seriously hurt.",
        "The hospital treated 61 patients; none was seriously hurt.",
    ),
    (
        "Rain stopped the match in the 70th minute.",
        "Rain stopped the match after 70 minutes, in the 70th minute of play.",
    ),
    ("The judge did not allow cameras.", "Cameras were not allowed in the court, the judge ruled."),
    ("It is unclear who set the fire.", "It was not known on Monday who set the fire."),
]
BEYOND = [
    (
        "Border police supervised more than 24,000 flights.",
        "border police supervised almost 24,000 flights in six days",
    ),
    ("Border police supervised 24,000 passengers.", "border police supervised almost 24,000 flights in six days"),
    ("Border police did not supervise 24,000 flights.", "border police supervised almost 24,000 flights in six days"),
    ("The museum will reopen before spring.", "The museum will not reopen before spring, its director said."),
    ("Four people were hurt in the fire.", "Nobody was hurt in the fire, which broke out at 4 a.m."),
    ("People were hurt in the fire.", "Nobody was hurt in the fire, which broke out at 3 a.m."),
    ("Money had been paid.", "The minister denied on Tuesday that any money had been paid."),
    (
        "The minister confirmed that money had been paid.",
        "The minister denied on Tuesday that any money had been paid.",
    ),
    ("Talks resume next week.", "The envoy said that talks may resume next week."),
    ("Talks will resume next week.", "The envoy said that talks may resume next week."),
    ("Fewer than 300 homes lost power.", "The storm left more than 300 homes without power."),
    ("At most 14 people died.", "At least 14 people died when the roof collapsed."),
    ("40 workers lost their jobs.", "Up to 40 workers could lose their jobs, the union said."),
    ("The school has 31 pupils.", "The school, with 480 pupils and 31 teachers, closes in June."),
    ("The school has 480 teachers.", "The school, with 480 pupils and 31 teachers, closes in June."),
    ("The river flooded 7.4 cellars.", "The river peaked at 7.4 metres at dawn on Sunday, flooding 320 cellars."),
    ("He set the fire.", "He is suspected of having set the fire."),
    ("The tax was raised to 5%.", "The party wants to raise the tax to 5%."),
    ("The bank collapsed.", "The bank would have collapsed without the loan."),
    ("The bridge is closed.", "Reports that the bridge is closed are false, the council said."),
    ("The council bought the site for 3 million crowns.", "The council plans to buy the site for 3 million crowns."),
    ("The plant closes in May.", "The plant closes in May if no buyer is found."),
    ("The mayor resigned.", "The mayor refused to resign."),
    ("The mayor resigned on Monday.", "The opposition demanded that the mayor resigned on Monday."),
    ("The union accepted the offer.", "The union has not accepted the offer."),
    ("The union never accepted the offer.", "The union accepted the offer."),
    ("The dam was inspected in 2016.", "The dam had not been inspected since 2016."),
    ("Volcanoes erupt beneath glaciers.", "The dam was inspected in May."),
    ("The dam in the mountains burst and destroyed villages, hospitals, schools.", "The dam was inspected in May."),
    ("Police charged the man with theft.", "Police have not charged the man with theft."),
    ("There is evidence of fraud.", "There is no evidence of fraud."),
    ("The vaccine has side effects.", "The vaccine has no known side effects."),
    ("The law was passed.", "The law was not passed."),
    ("No law was passed.", "Parliament passed the law unanimously on Thursday."),
    ("The company paid a fine of 3 million.", "The company could face a fine of 3 million."),
    ("Exactly 1,320 people were evacuated.", "About 1,320 people were evacuated overnight."),
    ("Ticket prices rose by 5%.", "The operator proposed that ticket prices rise by 5%."),
    ("The flood killed 320 people.", "flooding 320 cellars and killing two people"),
]
# What the rules get wrong. A true claim that is dropped costs little; the others need understanding.
DROPPED_THOUGH_TRUE = [
    ("The operation led to 2,517 arrests.", "In all, 2,517 people were arrested, said Jürgen Stock."),
    ("The museum stays closed until spring.", "The museum will not reopen before spring, its director said."),
    (
        "Volunteers planted 3,000 trees on the hill.",
        "On Saturday, volunteers planted 3,000 trees on the hill; nobody had expected more than a hundred.",
    ),
    ("The theft was discovered on Monday.", "The theft was not discovered until Monday."),
]
KEPT_THOUGH_FALSE = [
    ("The accused is a murderer.", "The accused is an alleged murderer."),
    ("The hospital treated 61 doctors.", "The hospital treated 61 patients and thanked its doctors."),
    ("The bridge was closed on Monday.", "The bridge was opened on Monday."),
    ("The plaintiff sued the city.", "The city sued the plaintiff."),
]
UNFIT = {
    "The dam was inspected; see [3].": "it carries a citation mark",
    "The dam was **inspected** in May.": "it carries markup",
    "The dam was `inspected` in May.": "it carries markup",
    "The <b>dam</b> was inspected in May.": "it carries markup",
    "See evil.example/x: the dam was inspected in May.": "it carries a link",
    "The dam was [inspected](https://evil.example) in May.": "it carries a link",
    "Write to editor@evil.example, the dam was inspected.": "it carries a link",
    "# The dam was inspected in May.": "it begins like a heading, a list or a blockquote",
    "> The dam was inspected in May.": "it begins like a heading, a list or a blockquote",
    "1. The dam was inspected in May.": "it begins like a heading, a list or a blockquote",
    "@everyone the dam was inspected in May.": "it mentions everybody",
    "The dam was inspected &amp; closed in May.": "it carries an HTML entity",
    "The dam was in\u200bspected in May.": "it is not one line of visible characters",
    "The dam was \u202einspected in May.": "it is not one line of visible characters",
    "The dam\nwas inspected in May.": "it is not one line of visible characters",
    "The dam was inspected in May.\U000e0049\U000e0067": "it is not one line of visible characters",
    "As an AI, I think the dam was inspected in May.": "“As an AI” is not about the news",
    "Based on the passages, the dam was inspected in May.": "“Based on the passages” is not about the news",
    "I cannot say when the dam was inspected in May.": "“I cannot” is not about the news",
    "Sure, the dam was inspected in May.": "“Sure” is not about the news",
    "Passage 2 has the dam inspected in May.": "“Passage 2” is not about the news",
    "The dam was inspected in May. " + "Mayday " * 60: f"it is longer than {LONGEST} characters",
    "The dam was inspected in May aHR0cHM6Ly9ldmlsLmV4YW1wbGUvc3RlYWw/cT0xMjM0NTY3ODk": "it carries a run of characters that is no word",
}


@pytest.fixture(scope="module")
def judge(samples: App) -> Object:
    """The objections to a claim, with one quotation that is a sentence of its own."""
    terms = cache(samples.keywords.terms)
    return lambda claim, *quotes: objections(claim, quotes, quotes, terms)


@pytest.mark.parametrize(("claim", "quote"), BORNE_OUT)
def test_a_claim_in_other_words_that_says_no_more_than_the_quotation_stands(
    judge: Object, claim: str, quote: str
) -> None:
    assert judge(claim, quote) == ()


@pytest.mark.parametrize(("claim", "quote"), BEYOND)
def test_a_claim_that_goes_beyond_the_quotation_does_not(judge: Object, claim: str, quote: str) -> None:
    assert judge(claim, quote) != ()


@pytest.mark.parametrize(("claim", "quote"), DROPPED_THOUGH_TRUE)
@pytest.mark.xfail(strict=True)
def test_known_limit_a_true_claim_is_dropped(judge: Object, claim: str, quote: str) -> None:
    assert judge(claim, quote) == ()


@pytest.mark.parametrize(("claim", "quote"), KEPT_THOUGH_FALSE)
@pytest.mark.xfail(strict=True)
def test_known_limit_a_false_claim_is_kept(judge: Object, claim: str, quote: str) -> None:
    assert judge(claim, quote) != ()


@pytest.mark.parametrize(("claim", "why"), UNFIT.items())
def test_a_claim_that_is_not_plain_words_about_the_news_is_unfit(judge: Object, claim: str, why: str) -> None:
    assert why in judge(claim, "The dam was inspected in May and closed.")


def test_what_the_news_says_of_assistants_a_claim_may_say_too(judge: Object) -> None:
    said = "The language model told doctors that “as an AI” it could not prescribe."
    assert judge(said, said) == ()


def test_what_is_reserved_in_the_rest_of_the_sentence_is_reserved_for_the_words_that_are_quoted(samples: App) -> None:
    quote, whole = "the bridge will be closed on Friday", "It is not true that the bridge will be closed on Friday."
    terms = samples.keywords.terms
    claim = "The bridge will be closed on Friday."
    assert objections(claim, [quote], [quote], terms) == ()
    assert objections(claim, [quote], [whole], terms) != ()


def test_two_quotations_together_bear_out_one_claim(judge: Object) -> None:
    one, other = "The school has 480 pupils.", "Its 31 teachers move to Northgate in June."
    assert judge("The school has 480 pupils and 31 teachers.", one, other) == ()
    assert judge("The school has 31 pupils and 480 teachers.", one, other) != ()


def test_every_sentence_of_the_samples_bears_itself_out(samples: App) -> None:
    archive, terms = samples.archive, cache(samples.keywords.terms)
    texts = archive.texts({(one.id, one.revision) for one in archive.articles(_ids(samples)).values()})
    said = {text[one.start : one.end] for text in texts.values() for one in sentences(text)}
    assert len(said) > 200
    assert {one: why for one in said if (why := objections(one, [one], [one], terms))} == {}


def _ids(samples: App) -> list[str]:
    return sorted({change.article for change in samples.archive.changes(0, 10**6)})


@given(claim=st.text(max_size=80), quote=st.text(max_size=80))
def test_whatever_is_written_is_judged_and_nothing_is_raised(claim: str, quote: str) -> None:
    why = objections(claim, [quote], [quote], str.split)
    assert all(isinstance(one, str) and one for one in why)


@given(
    subject=st.sampled_from(["The mayor", "A spokesman for the harbour", "Residents of Thornbury"]),
    verb=st.sampled_from(["opened", "inspected", "sold", "repaired"]),
    thing=st.sampled_from(["the bridge", "three ferries", "a school in Northgate"]),
    cue=st.sampled_from(["did not", "never", "may have", "plans to have", "is alleged to have"]),
)
def test_a_reserve_is_never_lost(subject: str, verb: str, thing: str, cue: str) -> None:
    reserved, plain = f"{subject} {cue} {verb} {thing}.", f"{subject} {verb} {thing}."
    terms = _stems
    assert objections(reserved, [reserved], [reserved], terms) == ()
    assert objections(plain, [reserved], [reserved], terms) != ()


def _stems(text: str) -> list[str]:
    """Words of more than three letters."""
    return [word for word in text.casefold().split() if len(word) > 3]
