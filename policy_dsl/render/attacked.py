"""What an attack on guarantees gave, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_dsl.check import Checked
from policy_dsl.evaluate import decide
from policy_dsl.evaluate.decision import Decision
from policy_dsl.records import dataclass
from policy_dsl.render.spoken import explain
from policy_dsl.trial.attack import Attacked

NO_PROOF = "That none was found is no proof: cases that were not tried may break it."


@dataclass(frozen=True, slots=True, eq=False)
class Attack:
    """An attack on guarantees, ready to be said.

    `shown` holds the counter-examples as texts, and `decisions` the decisions of these cases, by the guarantees' names;
    `kept` names those that are case files because no example can give them.
    """

    attacked: tuple[Attacked, ...]
    decisions: Mapping[str, Decision]
    shown: Mapping[str, str]
    kept: tuple[str, ...] = ()

    def text(self) -> str:
        """In words: for each guarantee how it came out, and below it the counter-example."""
        return told(self.attacked, self.decisions, self.shown)

    def data(self) -> list[dict[str, object]]:
        """As data."""
        return attacked_data(self.attacked, self.shown)


def ready(checked: Checked, attacked: Sequence[Attacked], examples: Mapping[str, str] | None = None) -> Attack:
    """An attack ready to be said; the counter-examples as case files, or as the `examples` that give the case."""
    broken = {each.entry.name: each.found for each in attacked if each.found is not None}
    decisions = {name: decide(checked, counter.case) for name, counter in broken.items()}
    shown = {name: counter.text for name, counter in broken.items()}
    given = {name: text for name, text in (examples or {}).items() if text}
    kept = tuple(name for name in examples or () if name not in given)
    return Attack(tuple(attacked), decisions, shown | given, kept)


def told(attacked: Sequence[Attacked], decisions: Mapping[str, Decision], shown: Mapping[str, str]) -> str:
    """The attack in words: for each guarantee how it came out, and below it the counter-example as it is `shown`.

    `decisions` are those of the counter-examples, by the names of the guarantees.
    """
    lines = [line for each in attacked for line in (*_guarantee(each, decisions, shown), "")]
    if any(not each.proved and each.found is None for each in attacked):
        lines += [NO_PROOF, ""]
    return "\n".join(lines[:-1]) + "\n" if lines else "The policy gives no guarantee.\n"


def attacked_data(attacked: Sequence[Attacked], shown: Mapping[str, str]) -> list[dict[str, object]]:
    """The attack as data; `outcome` is "fails", "survived" or "proved"."""
    return [
        {
            "guarantee": each.entry.name,
            "title": each.entry.title,
            "article": str(each.entry.address or ""),
            "outcome": "fails" if each.found is not None else "proved" if each.proved else "survived",
            "cases": each.tried,
            "held": each.shown,
            "varied": list(each.varied),
            "counter_example": shown.get(each.entry.name) if each.found is not None else None,
        }
        for each in attacked
    ]


def _guarantee(each: Attacked, decisions: Mapping[str, Decision], shown: Mapping[str, str]) -> Iterator[str]:
    name = f"“{each.entry.title}” ({each.entry.address})" if each.entry.address is not None else f"“{each.entry.title}”"
    if each.proved:
        yield f"PROVED    {name}: the text alone proves it, whatever the case."
        return
    varied = f"Varied: {'; '.join(each.varied)}." if each.varied else "Nothing that the guarantee rests on varies."
    if each.found is None:
        yield f"SURVIVED  {name}: {_survived(each)}"
        yield from _wrapped(varied)
        return
    yield f"FAILS     {name}: the smallest case that was found to break it:"
    yield ""
    yield from (f"  {line}".rstrip() for line in shown[each.entry.name].rstrip("\n").split("\n"))
    yield ""
    why = explain(decisions[each.entry.name], each.entry.name, "reasoned")
    yield from (f"  {line}" for line in why.text().split("\n"))


def _survived(each: Attacked) -> str:
    cases = "1 case was" if each.tried == 1 else f"{each.tried} cases were"
    unshown = each.tried - each.shown
    if not each.shown:
        return f"{cases} tried, and in none of them could it be shown or refuted: the attack says nothing of it."
    open_ = f"; in {unshown} it could not be shown" if unshown else ""
    return f"{cases} tried, and none breaks it{open_}."


def _wrapped(text: str) -> Iterator[str]:
    from policy_dsl.diagnostics.snippet import wrapped

    yield from wrapped(text, " " * 10)
