"""The groups that a policy leaves to the case: who sits in which tier, on what ground, and who is in which set."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from policy_dsl.cases.case import Origin
from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.declared import Declared
from policy_dsl.cases.figures import Reader
from policy_dsl.cases.nodes import Fields, Items, Node, Word
from policy_dsl.cases.origins import FIELDS, Origins
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import did_you_mean, listed
from policy_dsl.source import Span
from policy_dsl.syntax import tree


@dataclass(slots=True)
class Groups:
    """The groups read: members, origins and grounds by the name of the group."""

    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    grounds: dict[str, dict[str, str]] = field(default_factory=dict)


def read_groups(
    fields: Fields | None, head: Span, declared: Declared, reader: Reader, origins: Origins, at: date | None
) -> Groups:
    """The groups that the case supplies."""
    found = Groups()
    for name, node in (fields or {}).items():
        entry = declared.groups.get(name)
        if entry is None:
            mend = did_you_mean(name, declared.groups)
            reader.say("PD754", name.span, mend=mend, name=name)
        elif entry not in declared.supplied and not _only_grounds(entry, node):
            reader.say("PD762", name.span, about=entry, name=name, kind=entry.kind)
        else:
            _read_group(name, node, entry, reader, origins, found)
            if entry not in declared.supplied and at is not None:
                _seats_of_the_policy(name, entry, declared.seats(entry, at), reader.say, found)
    _say_missing(fields, head, declared, reader.say, found)
    if at is not None:
        _say_doubly_seated(fields, declared, reader.say, found, at)
    return found


def _only_grounds(entry: Entry, node: Node) -> bool:
    """Whether this states the grounds of States that the policy itself lists."""
    return (
        isinstance(entry.node, tree.SetOf)
        and bool(entry.node.grounds and entry.node.seats)
        and isinstance(node, Fields)
    )


def _read_group(name: Word, node: Node, entry: Entry, reader: Reader, origins: Origins, found: Groups) -> None:
    if isinstance(node, Fields) and node.key("states") is not None:
        extra = [key for key in node if key not in ("states", *FIELDS)]
        for key in extra:
            reader.say("PD720", key.span, key=key, where=f"`{name}`")
        parts = {key: node.part(key) for key in FIELDS}
        for part in parts.values():
            if isinstance(part, Items | Fields):
                reader.say("PD722", part.span, key=name)
                return
        found.origins[name] = origins.read(parts["source"], parts["date"], parts["status"]).origin
        node = node.part("states")
    if isinstance(node, Word) and not node.strip():
        return
    if isinstance(node, Word):
        reader.say("PD723", node.span, key=name)
        return
    codes: dict[str, Word] = {}
    for word in node:
        if not isinstance(word, Word):
            reader.say("PD722", word.span, key=name)
        elif (code := reader.states.code(word, entry)) is not None:
            if code in codes:
                reader.say("PD765", word.span, about=entry, first=codes[code].span, state=code, group=name)
            codes.setdefault(code, word)
    found.members[str(name)] = tuple(codes)
    _read_grounds(name, node, codes, entry, reader.say, found)


def _read_grounds(
    name: Word, node: Items | Fields, codes: dict[str, Word], entry: Entry, say: Complaints, found: Groups
) -> None:
    allowed = [ground.text for ground in entry.node.grounds] if isinstance(entry.node, tree.SetOf) else []
    stated: dict[str, str] = {}
    for code, word in codes.items():
        ground = node.part(word) if isinstance(node, Fields) else None
        if isinstance(ground, Items | Fields):
            say("PD722", ground.span, key=code)
        elif not allowed:
            if ground is not None and ground.strip():
                say("PD768", ground.span, about=entry, group=name, state=code)
        elif ground is None or not ground.strip():
            mend = f"write `{code}: {allowed[0]}`, or another of {listed(allowed)}"
            say("PD766", word.span, mend=mend, about=entry, state=code, group=name, grounds=listed(allowed))
        elif ground.strip() not in allowed:
            mend = did_you_mean(ground, allowed)
            say("PD767", ground.span, mend=mend, about=entry, ground=ground, group=name, grounds=listed(allowed))
        else:
            stated[code] = ground.strip()
    if stated:
        found.grounds[str(name)] = stated


def _seats_of_the_policy(name: Word, entry: Entry, seats: tuple[str, ...], say: Complaints, found: Groups) -> None:
    """Grounds may be stated for the States that the policy lists, and for no other; the list stays the policy's."""
    stated = found.members.pop(str(name), ())
    for code in stated:
        if code not in seats:
            say("PD762", name.span, about=entry, name=name, kind=entry.kind)
            return


def _say_missing(fields: Fields | None, head: Span, declared: Declared, say: Complaints, found: Groups) -> None:
    """A group that the case must supply: an empty one is written as such."""
    for entry in declared.supplied:
        if entry.name in found.members:
            continue
        key = fields.key(entry.name) if fields is not None else None
        node = fields[key] if fields is not None and key is not None else None
        if node is None or (isinstance(node, Word) and not node.strip()):
            say("PD763", key.span if key is not None else head, about=entry, name=entry.name, title=entry.title)
        elif isinstance(node, Fields) and (inner := node.key("states")) is not None and not str(node[inner]).strip():
            say("PD763", inner.span, about=entry, name=entry.name, title=entry.title)


def _say_doubly_seated(fields: Fields | None, declared: Declared, say: Complaints, found: Groups, at: date) -> None:
    """Tiers are disjoint: nobody sits in two."""
    seated: dict[str, Entry] = {}
    for entry in declared.tiers:
        for code in found.members.get(entry.name) or declared.seats(entry, at):
            first = seated.setdefault(code, entry)
            if first is entry:
                continue
            span = _place(fields, entry.name, code) or _place(fields, first.name, code)
            if span is not None:
                say("PD764", span, about=entry, state=code, first_tier=first.name, tier=entry.name)


def _place(fields: Fields | None, group: str, code: str) -> Span | None:
    node = fields.part(group) if fields is not None else None
    if isinstance(node, Fields) and node.key("states") is not None:
        node = node.part("states")
    if not isinstance(node, Items | Fields):
        return None
    return next((word.span for word in node if isinstance(word, Word) and word == code), None)
