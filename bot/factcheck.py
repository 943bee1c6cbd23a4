"""What the reports say to the statements of a message: each is compared with the sentences that are nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.alike import Wording
from bot.bearing import Bearing, Scales, Stance
from bot.cite import cite_words
from bot.lookup import Lookup
from bot.records import Citation, Question
from bot.statements import claims
from bot.topic import Told, told
from bot.verify import check
from index.records import Filter
from ingest.archive import Archive

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

ORDER = (Stance.CONFLICT, Stance.UNKNOWN, Stance.SUPPORTED)

Weighed = tuple[Told, Bearing]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on one statement of a message. citation: of the report that speaks for it or against it."""

    claim: str
    stance: Stance
    citation: Citation | None = None


class FactChecker:
    """Compares messages with the archive. terms: the stems of a text without stop words."""

    def __init__(self, archive: Archive, lookup: Lookup, terms: Callable[[str], list[str]]) -> None:
        self._archive = archive
        self._lookup = lookup
        self._wording = Wording(terms)

    def check(self, text: str, where: Filter, asked: datetime) -> list[Finding]:
        """A finding for each of the first statements of a message; none when it states nothing."""
        found: list[Finding] = []
        for claim in claims(text):
            stance, citation = self._judge(claim, where, asked, 1 + sum(one.citation is not None for one in found))
            found.append(Finding(claim, stance, citation))
        return found

    def _judge(self, claim: str, where: Filter, asked: datetime, number: int) -> tuple[Stance, Citation | None]:
        """What the newest report says that says anything, if it stands in the archive exactly as quoted.

        An older one that says otherwise does not count when a newer one may agree.
        """
        hits = self._lookup.search(Question(claim, asked, where))
        scales = Scales(self._wording, "\n".join(f"{hit.article.title}\n{hit.passage.text}" for hit in hits))
        weighed = [(one, scales.weigh(claim, one)) for hit in hits for one in told(hit)]
        agreeing: set[str] = set()
        for sentence, bearing in _newest_first(weighed):
            article = sentence.hit.article.id
            if bearing.may_agree:
                agreeing.add(article)
            elif bearing.stance is Stance.SUPPORTED or not agreeing - {article}:
                citation = _cite(sentence, bearing, number)
                if check(citation, self._archive).verdict.holds:
                    return bearing.stance, citation
        return Stance.UNKNOWN, None


def _newest_first(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Those that say anything; of reports of one moment, those first that support, and those last that conflict."""
    telling = [one for one in weighed if one[1].stance is not Stance.UNKNOWN or one[1].may_agree]
    return sorted(telling, key=lambda one: (_published(*one), ORDER.index(one[1].stance)), reverse=True)


def _published(sentence: Told, bearing: Bearing) -> datetime:
    """When; what has no date does not overrule, and is not overruled."""
    undated = EARLIEST if bearing.stance is Stance.CONFLICT else LATEST
    return sentence.hit.article.published or undated


def _cite(sentence: Told, bearing: Bearing, number: int) -> Citation:
    """The citation of the sentence; with the one before it if that tells who is meant."""
    passage = sentence.hit.passage
    first = sentence.start
    if sentence.leans_on_the_one_before:
        first = passage.text.rindex(sentence.before, 0, sentence.start)
    start = passage.start + sentence.start
    words = (start + bearing.words[0], start + bearing.words[1]) if bearing.words else None
    return cite_words(sentence.hit, passage.start + first, passage.text[first : sentence.end], number, words)
