"""The codes of States as a case writes them: three capital letters, or those that the policy itself uses."""

from __future__ import annotations

from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.nodes import Word
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.resolve.suggest import nearest
from policy_dsl.syntax import tree
from policy_dsl.values import countries

# Codes of the Olympic committee, of football and of car plates that are taken for those of ISO, and common names.
_TAKEN_FOR = {
    "BUL": "BGR",
    "CRO": "HRV",
    "DEN": "DNK",
    "GER": "DEU",
    "GRE": "GRC",
    "KSA": "SAU",
    "LAT": "LVA",
    "NED": "NLD",
    "POR": "PRT",
    "RSA": "ZAF",
    "SLO": "SVN",
    "SUI": "CHE",
    "UAE": "ARE",
    "VIE": "VNM",
    "ENG": "GBR",
}
_ALSO = {
    "bolivia": "BOL",
    "bosnia": "BIH",
    "britain": "GBR",
    "brunei": "BRN",
    "cape verde": "CPV",
    "congo": "COG",
    "czech republic": "CZE",
    "dr congo": "COD",
    "drc": "COD",
    "democratic republic of the congo": "COD",
    "england": "GBR",
    "great britain": "GBR",
    "holland": "NLD",
    "iran": "IRN",
    "ivory coast": "CIV",
    "laos": "LAO",
    "macedonia": "MKD",
    "micronesia": "FSM",
    "moldova": "MDA",
    "north korea": "PRK",
    "palestine": "PSE",
    "russia": "RUS",
    "south korea": "KOR",
    "swaziland": "SWZ",
    "syria": "SYR",
    "taiwan": "TWN",
    "tanzania": "TZA",
    "the netherlands": "NLD",
    "turkey": "TUR",
    "uk": "GBR",
    "united kingdom": "GBR",
    "united states": "USA",
    "us": "USA",
    "usa": "USA",
    "venezuela": "VEN",
    "vietnam": "VNM",
}


class States:
    """The codes that may stand in a case of one policy."""

    def __init__(self, program: Program, say: Complaints) -> None:
        self.say = say
        self.own = frozenset(
            seat.code.text for entry in program.of_kind("tier", "set", "reservation") for seat in _seats(entry)
        )
        self._names: dict[str, str] = {}

    def known(self, text: str) -> bool:
        """Whether this is a code."""
        return text in self.own or countries.usable(text)

    def code(self, word: Word, about: Entry | None = None) -> str | None:
        """The code that a word is, or none; what should stand there is said."""
        text = word.strip()
        if self.known(text):
            return text
        near = self.meant(text)
        if near:
            name = countries.name_of(near)
            self.say("PD751", word.span, mend=f"write `{near}`", about=about, text=word, code=near, name=name)
        else:
            near = nearest(text.upper(), self.own) if len(text) <= 4 else ""
            self.say("PD750", word.span, mend=f"did you mean `{near}`?" if near else "", about=about, text=word)
        return None

    def meant(self, text: str) -> str:
        """The code of a State that is written by another code or by its name; empty where there is none."""
        upper = text.upper()
        if self.known(upper):
            return upper
        found = countries.three_letters(upper) if len(text) == 2 else ""
        if found or upper in _TAKEN_FOR:
            return found or _TAKEN_FOR[upper]
        if not self._names:
            self._names = {
                countries.name_of(code).casefold(): code for code in (*countries.COUNTRIES, *countries.ASSIGNED)
            } | _ALSO
        return self._names.get(text.casefold(), "")


def _seats(entry: Entry) -> tuple[tree.Seat, ...]:
    match entry.node:
        case tree.SetOf(seats=seats):
            return seats
        case tree.Reservation(by=seats):
            return seats
    return ()
