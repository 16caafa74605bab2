"""The record of a case: events, choices, adjustments, ledgers, draws by lot and statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policy_dsl.cases.case import (
    Adjustment,
    ChoiceMade,
    Datum,
    Event,
    Ledger,
    Lot,
    Movement,
    Origin,
    Statement,
)
from policy_dsl.cases.declared import Declared, Rule, within
from policy_dsl.cases.figures import Reader, Wanted, quantity_of
from policy_dsl.cases.model import (
    OUTCOMES,
    AdjustmentFile,
    ChoiceFile,
    EventFile,
    FundFile,
    MovementFile,
    StatementFile,
)
from policy_dsl.cases.nodes import Word
from policy_dsl.cases.origins import Named, Origins
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import did_you_mean, nearest
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.syntax.words import VOTES
from policy_dsl.values import Quantity, Unit

_COMMON = ("step", "at", "by", *VOTES, "outcome", "source", "date", "status")


class RecordReader:
    """Reads the record of a case against the declarations of its policy."""

    def __init__(self, declared: Declared, reader: Reader, origins: Origins, default: Named) -> None:
        self.declared = declared
        self.reader = reader
        self.say = reader.say
        self.origins = origins
        self.default = default

    # ---- events ------------------------------------------------------------------------------------------------------

    def events(self, files: Sequence[EventFile]) -> tuple[Event, ...]:
        """The events, in the order of the file."""
        return tuple(event for file in files if (event := self._event(file)) is not None)

    def _event(self, file: EventFile) -> Event | None:
        at = self.reader.moment(file.at)
        by = tuple(code for word in file.by or () if (code := self.body(word)) is not None)
        origin = self.origins.of(file).over(self.default).origin
        rule = self.declared.steps.get(file.step)
        if rule is None:
            self._unknown("PD752", file.step, self.declared.steps)
            return None
        fields = self._recorded(file, rule)
        if rule.vote:
            fields |= self._votes(file, rule.entry)
        else:
            self._no_votes(file, rule)
        if rule.actors and not rule.vote and not file.by:
            self.say("PD788", file.step.span, about=rule.entry, step=file.step)
        return Event(file.step, at, by, fields, origin, span=file.step.span) if at is not None else None

    def _recorded(self, file: EventFile, rule: Rule) -> dict[str, Datum | tuple[str, ...]]:
        fields: dict[str, Datum | tuple[str, ...]] = {}
        for name, value in file.recorded.items():
            wanted = rule.fields.get(name)
            key = value.span if hasattr(value, "span") else file.step.span
            if wanted is None:
                mend = did_you_mean(name, [*rule.fields, *_COMMON])
                self.say("PD720", key, mend=mend, about=rule.entry, key=name, where=f"event `{file.step}`")
            elif not isinstance(value, Word):
                self.say("PD722", key, about=rule.entry, key=name)
            elif (datum := self.reader.datum(value, wanted, None, rule.entry)) is not None:
                fields[name] = datum
        lacking = [name for name in rule.fields if name not in file.recorded]
        if lacking:
            names = ", ".join(f"`{name}`" for name in lacking)
            self.say("PD789", file.step.span, about=rule.entry, step=file.step, names=names)
        return fields

    def _votes(self, file: EventFile, entry: Entry) -> dict[str, Datum | tuple[str, ...]]:
        """How each State voted; the groups that are stated, and the outcome."""
        fields: dict[str, Datum | tuple[str, ...]] = {}
        seen: dict[str, tuple[str, Span]] = {}
        for group in VOTES:
            words: list[Word] | None = getattr(file, group)
            if words is None:
                continue
            codes = []
            for word in words:
                code = self.reader.states.code(word, entry)
                if code is None:
                    continue
                if code in seen:
                    said, first = seen[code]
                    self.say("PD790", word.span, about=entry, first=first, state=code, one=said, other=group)
                    continue
                seen[code] = (group, word.span)
                codes.append(code)
            fields[group] = tuple(codes)
        if file.outcome is not None:
            if file.outcome in OUTCOMES:
                fields["outcome"] = str(file.outcome)
            else:
                mend = did_you_mean(file.outcome, OUTCOMES)
                self.say("PD791", file.outcome.span, mend=mend, about=entry, text=file.outcome)
        return fields

    def _no_votes(self, file: EventFile, rule: Rule) -> None:
        for name in (*VOTES, "outcome"):
            value = getattr(file, name)
            if value is not None:
                words = value if isinstance(value, list) else [value]
                span = words[0].span if words else file.step.span
                mend = f"the step `{file.step}` is no vote: leave `{name}` out"
                self.say("PD720", span, mend=mend, about=rule.entry, key=name, where=f"event `{file.step}`")

    # ---- choices and adjustments -------------------------------------------------------------------------------------

    def choices(self, files: Sequence[ChoiceFile]) -> tuple[ChoiceMade, ...]:
        """The choices where the policy leaves one; each parameter once."""
        made: dict[str, ChoiceMade] = {}
        for file in files:
            choice = self._choice(file)
            if choice is None:
                continue
            if choice.parameter in made:
                first = made[choice.parameter].span
                self.say("PD797", file.parameter.span, first=first, parameter=choice.parameter)
            made.setdefault(choice.parameter, choice)
        return tuple(made.values())

    def _choice(self, file: ChoiceFile) -> ChoiceMade | None:
        entry = self.declared.parameters.get(file.parameter)
        because = self._reason(file.because, file.parameter)
        at = self.reader.moment(file.at) if file.at is not None else None
        if entry is None:
            self._unknown("PD758", file.parameter, self.declared.parameters)
            return None
        left = self.declared.left(entry)
        if left is None:
            self.say("PD749", file.parameter.span, about=entry, parameter=file.parameter)
            return None
        if file.by != left.step.text:
            mend = f"write `by: {left.step.text}`"
            self.say(
                "PD793", file.by.span, mend=mend, about=entry, by=file.by, parameter=entry.name, step=left.step.text
            )
            return None
        low, high = quantity_of(left.low), quantity_of(left.high)
        known = low or high or quantity_of(left.otherwise)
        value = self._quantity(file.value, known.unit if known is not None else None, entry)
        if value is not None and not within(value, low, high):
            self.say("PD792", file.value.span, about=entry, text=file.value, low=str(low), high=str(high))
            return None
        if value is None or because is None:
            return None
        return ChoiceMade(entry.name, value, str(file.by), because, at, file.parameter.span)

    def adjustments(self, files: Sequence[AdjustmentFile]) -> tuple[Adjustment, ...]:
        """The adjustments; those of one apportionment cancel out."""
        made = [each for file in files if (each := self._adjustment(file)) is not None]
        if len(made) == len(files):
            self._say_uncancelled(made)
        return tuple(made)

    def _say_uncancelled(self, made: Sequence[Adjustment]) -> None:
        for name in dict.fromkeys(each.apportionment for each in made):
            lines = [each for each in made if each.apportionment == name]
            entry = self.declared.apportionments[name]
            units = {each.change.unit for each in lines}
            rest = sum((each.change.amount for each in lines), Fraction(0))
            if len(units) > 1:
                due = str(lines[0].change.unit)
                other = next(each for each in lines if each.change.unit != lines[0].change.unit)
                self.say("PD738", other.span, about=entry, text=str(other.change), unit=str(other.change.unit), due=due)
            elif rest:
                left = str(Quantity(rest, lines[0].change.unit))
                self.say("PD795", lines[0].span, about=entry, name=name, rest=left)

    def _adjustment(self, file: AdjustmentFile) -> Adjustment | None:
        because = self._reason(file.because, file.of)
        member = self.reader.states.code(file.member)
        entry = self.declared.apportionments.get(file.of)
        by = str(file.by)
        if entry is None:
            self._unknown("PD761", file.of, self.declared.apportionments)
        elif isinstance(entry.node, tree.Apportion) and not self._adjustable(file, entry, entry.node.adjusted):
            return None
        change = self._quantity(file.change, None, entry, signed=True)
        if entry is None or member is None or change is None or because is None:
            return None
        return Adjustment(entry.name, member, change, by, because, file.of.span)

    def _adjustable(self, file: AdjustmentFile, entry: Entry, line: tree.Adjusted | None) -> bool:
        """Whether the policy lets this step change the shares."""
        if line is None:
            self.say("PD749", file.of.span, about=entry, parameter=file.of)
        elif file.by != line.step.text:
            step = line.step.text
            mend = f"write `by: {step}`"
            self.say("PD793", file.by.span, mend=mend, about=entry, by=file.by, parameter=entry.name, step=step)
        return line is not None and file.by == line.step.text

    def _reason(self, because: Word | None, near: Word) -> str | None:
        if because is None or not because.strip():
            self.say("PD794", because.span if because is not None else near.span, what=near)
            return None
        return str(because)

    def _quantity(self, word: Word, unit: Unit | None, about: Entry | None, *, signed: bool = False) -> Quantity | None:
        """A figure of a known unit, or of the unit that is written."""
        if unit is None:
            unit = self.reader.own_unit(word)
        wanted = Wanted("figure", unit, Fraction(1), str(unit))
        if signed and word[:1] in "+-":
            bare = Word(word[1:].strip(), word.span)
            value = self.reader.figure(bare, wanted, None, about)
            return Quantity(-value.amount, value.unit) if value is not None and word[0] == "-" else value
        return self.reader.figure(word, wanted, None, about)

    # ---- funds, lots, statements -------------------------------------------------------------------------------------

    def ledgers(self, files: Mapping[str, FundFile], keys: Mapping[str, Word]) -> tuple[Ledger, ...]:
        """The funds as they stood."""
        made = []
        for name, file in files.items():
            key = keys[name]
            entry = self.declared.funds.get(name)
            if entry is None:
                self._unknown("PD759", key, self.declared.funds)
                continue
            unit = self._money(entry)
            moves = [
                move
                for kind, lines in (("due", file.dues), ("pledge", file.pledges), ("payment", file.payments))
                for line in lines
                if (move := self._movement(kind, line, unit, entry)) is not None
            ]
            if file.balance is None:
                continue
            balance = self._quantity(file.balance, unit, entry)
            if balance is not None:
                origin: Origin = self.origins.of(file).over(self.default).origin
                made.append(Ledger(name, balance, tuple(moves), origin, key.span))
        return tuple(made)

    def _money(self, entry: Entry) -> Unit | None:
        level = entry.node.level if isinstance(entry.node, tree.Fund) else None
        known = quantity_of(level.expr) if level is not None else None
        currency = self.declared.program.heading.currency
        return known.unit if known is not None else Unit(((currency, 1),)) if currency else None

    def _movement(self, kind: str, file: MovementFile, unit: Unit | None, entry: Entry) -> Movement | None:
        member = self.reader.states.code(file.member, entry)
        amount = self._quantity(file.amount, unit, entry)
        on = self.reader.day(file.on, entry)
        if amount is not None and amount.amount < 0:
            self.say("PD743", file.amount.span, about=entry, text=file.amount, due=str(amount.unit))
            return None
        if member is None or amount is None or on is None:
            return None
        return Movement(kind, member, amount, on, file.member.span)

    def lots(
        self, files: Mapping[str, Sequence[Word]], keys: Mapping[str, Word], members: frozenset[str]
    ) -> tuple[Lot, ...]:
        """The draws by lot."""
        made = []
        for name, words in files.items():
            entry = self.declared.apportionments.get(name)
            if entry is None:
                self._unknown("PD761", keys[name], self.declared.apportionments)
                continue
            drawn: dict[str, Word] = {}
            for word in words:
                code = self.reader.states.code(word, entry)
                if code is None:
                    continue
                if code in drawn:
                    self.say(
                        "PD765", word.span, about=entry, first=drawn[code].span, state=code, group=f"lot of {name}"
                    )
                elif code not in members:
                    self.say("PD796", word.span, about=entry, state=code, name=name)
                drawn.setdefault(code, word)
            made.append(Lot(name, tuple(drawn), keys[name].span))
        return tuple(made)

    def statements(self, files: Sequence[StatementFile]) -> tuple[Statement, ...]:
        """Statements and dissents."""
        return tuple(Statement(by, str(file.text)) for file in files if (by := self.body(file.by)) is not None)

    def opened(self, word: Word | None, events: Sequence[Event]) -> date | datetime | None:
        """When the case opened: as stated, by the first event of a step, or by the first event of the record."""
        clock = self.declared.program.heading.clock
        if word is None:
            return _earliest(events, clock)
        if word not in self.declared.steps:
            near = nearest(word, self.declared.steps) if not word[:1].isdigit() else ""
            if near or (word[:1].isalpha() and word.islower() and word.isidentifier()):
                self._unknown("PD752", word, self.declared.steps)
                return None
            return self.reader.moment(word)
        of_step = [event for event in events if event.step == word]
        if not of_step:
            self.say("PD798", word.span, step=word)
        return _earliest(of_step, clock)

    def body(self, word: Word) -> str | None:
        """The code of a State, or the name of a participant."""
        text = word.strip()
        if text in self.declared.participants:
            return text
        if self.reader.states.known(text) or self.reader.states.meant(text):
            return self.reader.states.code(word)
        self._unknown("PD753", word, self.declared.participants)
        return None

    def _unknown(self, code: str, word: Word, known: Mapping[str, object]) -> None:
        mend = did_you_mean(word, known)
        self.say(code, word.span, mend=mend, name=word)


def _earliest(events: Sequence[Event], clock: str) -> date | datetime | None:
    """The earliest of some events; a date counts from its first moment by the clock of the policy."""
    try:
        zone: tzinfo = ZoneInfo(clock)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = UTC

    def rank(event: Event) -> datetime:
        when = event.at
        return when if isinstance(when, datetime) else datetime.combine(when, time(), tzinfo=zone)

    return min(events, key=rank).at if events else None
