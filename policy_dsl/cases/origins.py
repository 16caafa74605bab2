"""Where facts come from: short names of sources, dates and statuses, and what is said once for many figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policy_dsl.cases.case import Origin
from policy_dsl.cases.figures import Reader
from policy_dsl.cases.model import STATUSES, Traced
from policy_dsl.cases.nodes import Word
from policy_dsl.records import dataclass
from policy_dsl.resolve.suggest import did_you_mean, nearest

FIELDS = ("source", "date", "status")


@dataclass(frozen=True, slots=True)
class Named:
    """Source, date and status as far as they are stated; a part that is not falls back on what is stated above."""

    source: str = ""
    date: date | None = None
    status: str = ""

    def over(self, other: Named) -> Named:
        """This, and where it is silent the other."""
        return Named(self.source or other.source, self.date or other.date, self.status or other.status)

    @property
    def origin(self) -> Origin:
        """The origin of a fact."""
        return Origin(self.source, self.date, self.status or "official")


NOTHING = Named()


class Origins:
    """Reads origins against the short names of sources."""

    def __init__(self, reader: Reader, sources: Mapping[str, Word]) -> None:
        self.reader = reader
        self.sources = sources

    def of(self, part: Traced | None) -> Named:
        """What a part of the file states."""
        return self.read(part.source, part.date, part.status) if part is not None else NOTHING

    def read(self, source: Word | None, day: Word | None, status: Word | None) -> Named:
        """What these words state."""
        return Named(
            self._source(source) if source is not None and source.strip() else "",
            self.reader.day(day) if day is not None and day.strip() else None,
            self._status(status) if status is not None and status.strip() else "",
        )

    def _source(self, word: Word) -> str:
        if word in self.sources:
            return str(self.sources[word])
        near = nearest(word, self.sources) if " " not in word.strip() else ""
        if near:
            self.reader.say("PD760", word.span, mend=f"did you mean `{near}`?", text=word)
        return str(word).strip()

    def _status(self, word: Word) -> str:
        if word.strip() in STATUSES:
            return word.strip()
        mend = did_you_mean(word, STATUSES)
        self.reader.say("PD777", word.span, mend=mend, text=word)
        return ""
