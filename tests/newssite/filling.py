"""Synthetic stories, the same for the same seed, for tests and benchmarks that need many."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

from tests.newssite.outlet import Outlet
from tests.newssite.pages import SECTIONS

WORDS = {
    "place": "Norvik, Eastmere, Calder, Tarn, Hollin, Brae, Sudmark, Ostrava, Lindal, Perrin, Marlow, Keswick, Velen",
    "given": "Ana, Omar, Ingrid, Pavel, Lucia, Chen, Miriam, Tomas, Farah, Jonas, Edith, Kofi, Sanna, Rafael, Noor",
    "family": "Reyes, Haddad, Lund, Novak, Moretti, Wei, Adler, Brandt, Aziz, Holm, Quaye, Costa, Ibsen, Petrov, Sato",
    "role": "mayor, harbour master, finance minister, chief engineer, union leader, hospital director, judge, coach",
    "thing": "bridge, ferry line, reservoir, school, rail tunnel, clinic, market hall, wind farm, library, airport",
    "verb": "opened, closed, approved, rejected, inspected, sold, rebuilt, delayed, funded, defended",
    "cause": "heavy rain, a vote of the council, rising costs, a court ruling, a strike, new safety rules, a gift",
    "group": "residents, commuters, farmers, teachers, nurses, fishing crews, shopkeepers, students, tourists",
    "day": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
}
SENTENCES = (
    "The {role} of {place}, {given} {family}, {verb} the {thing} on {day} after {cause}.",
    "About {number} {group} from {place} had asked for the {thing} in a petition, {given} {family} said.",
    "“We waited {small} years for this {thing}, and the {group} will remember who {verb} it,” said {given} {family}.",
    "The work is to cost {number} crowns, {small} per cent more than {place} had planned.",
    "In {place}, {small} {group} gathered outside the {thing} and left before dark.",
    "A report of {small} pages, written for the {role}, names {cause} as the main reason.",
    "{given} {family}, who speaks for the {group}, called the decision about the {thing} late but right.",
    "Traffic towards {place} was slow until {small} o'clock because of {cause}.",
    "The {thing} near {place} was last {verb} {small} years ago, when {given} {family} was the {role}.",
    "Officials counted {number} {group} in the first week, against {before} a year before.",
    "Nobody was hurt, but the {role} ordered a second look at the {thing} by {day}.",
)


def story(seed: int) -> tuple[str, list[str]]:
    """A headline and 5 to 7 paragraphs of 150 to 400 words together, distinct for each seed."""
    rng = random.Random(seed)
    sentences = [_words(rng.choice(SENTENCES), rng, seed) for _ in range(rng.randint(14, 20))]
    parts = rng.randint(5, 7)
    paragraphs = [" ".join(sentences[n::parts]) for n in range(parts)]
    paragraphs[0] = _words("File {seed} of the {place} council was made public. ", rng, seed) + paragraphs[0]
    return _words("{place} {thing} {verb} after {cause}, file {seed} shows", rng, seed), paragraphs


def fill(outlet: Outlet, number: int = 2000, seed: int = 0) -> list[str]:
    """Publish so many stories, one every 20 minutes back from the 12th of November 2024; their URLs."""
    newest = datetime(2024, 11, 12, 9, tzinfo=UTC)
    urls = []
    for n in range(number):
        title, paragraphs = story(seed + n)
        zone = timezone(timedelta(hours=n % 3))
        published = (newest - timedelta(minutes=20 * n)).astimezone(zone)
        section = SECTIONS[n % len(SECTIONS)]
        urls.append(outlet.publish(f"story-{seed + n}", title, paragraphs, published=published, section=section))
    return urls


def _words(template: str, rng: random.Random, seed: int) -> str:
    """The template with words and numbers drawn at random."""
    drawn = {kind: rng.choice(words.split(", ")) for kind, words in WORDS.items()}
    numbers = {"number": f"{rng.randint(1000, 90000):,}", "before": f"{rng.randint(1000, 90000):,}"}
    return template.format(**drawn, **numbers, small=rng.randint(3, 60), seed=seed)
