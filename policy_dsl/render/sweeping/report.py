"""The summary of a sweep as a document: text, a page with plots, data."""

from __future__ import annotations

from collections.abc import Callable

from policy_dsl.explain.argument import Given
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Document, Paragraph, Section, anchors_in
from policy_dsl.render.languages import telling
from policy_dsl.render.naming import alone, by_codes, by_names, with_names
from policy_dsl.render.plainly import Readable
from policy_dsl.render.sweeping import others
from policy_dsl.render.sweeping.against import against
from policy_dsl.render.sweeping.data import as_text, sweep_data
from policy_dsl.render.sweeping.say import count, say
from policy_dsl.render.sweeping.sharing import sharing
from policy_dsl.render.sweeping.texts import LABELS
from policy_dsl.render.sweeping.weighing import weighing
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.summary_found import Compared, Found
from policy_dsl.sweep.tornado import Tornado

FORMS = ("md", "html", "json")


@dataclass(frozen=True, slots=True, eq=False)
class SweepSummary(Readable):
    """What a sweep comes to, ready to be said, in English.

    `source` tells where the cases come from: the name of a file, or how they were drawn. `compared` is the same cases
    under `old` and under this policy; `tornado` what each figure does alone, and `member` whose share it looks at.
    """

    program: Program
    found: Found
    source: str = ""
    old: Program | None = None
    compared: Compared | None = None
    tornado: Tornado | None = None
    member: str = ""

    def document(self, *, codes: bool = False) -> Document:
        """It as a document; members go by their names, or by their codes."""
        with telling(self.program, "en"):
            names: Callable[[str], str] = (lambda code: code) if codes else alone(self.program)
            return with_names(self._document(names), by_codes(self.program) if codes else by_names(self.program))

    def text(self) -> str:
        """It as Markdown, which can be read in a terminal."""
        from policy_dsl.render.forms.markup import markdown

        return markdown(self.document())

    def data(self) -> dict[str, object]:
        """It as data, by the schema that `sweep_schema` gives."""
        with telling(self.program, "en"):
            return sweep_data(
                self.program, self.found, self.source, self.old, self.compared, self.tornado
            )  # fmt: skip

    def rendered(self, form: str) -> str:
        """It in one of the `FORMS`. Raises KeyError for another."""
        made: dict[str, Callable[[], str]] = {
            "md": self.text,
            "html": self.html,
            "json": lambda: as_text(self.data()),
        }
        return made[form]()

    def _document(self, names: Callable[[str], str]) -> Document:
        heading, found = self.program.heading, self.found
        policy = Given(others.policy_name(self.program))
        sections: list[Section] = [others.the_cases(found, self.program)]
        if found.cases:
            sections += [sharing(found, each, names) for each in found.spreads if each.output.aspect == "share"]
            sections += [*others.guarantees(found), *others.sets(found), *others.figures(found)]
        if self.compared is not None and self.old is not None:
            sections.append(against(self.compared, *self._versions(), names))
        if self.tornado is not None:
            sections.append(weighing(self.tornado, names, self.member))
        sections.append(others.how_to_read())
        key = "title" if found.cases > 1 else "title.one" if found.cases else "title.none"
        below = [say("rules", policy=policy, version=Given(heading.version), authority=Given(heading.authority))]
        if self.source:
            below.append(say("source", source=Given(self.source)))
        return Document(
            heading=say(key, policy=policy, count=count(found.cases)),
            over=(),
            below=tuple(below),
            status=Paragraph(say("status"), "note"),
            sections=tuple(sections),
            labels={name: words.plain(name) for name in LABELS},
            anchors=frozenset(anchors_in(sections)),
        )

    def _versions(self) -> tuple[str, str]:
        """What the two policies are called: by their titles, with their versions where the titles are the same."""
        assert self.old is not None
        named = [others.policy_name(each) for each in (self.old, self.program)]
        if named[0] == named[1]:
            versions = [each.heading.version for each in (self.old, self.program)]
            keys = ("version",) * 2 if versions[0] != versions[1] else ("old", "new")
            named = [
                words.flat(say(f"policy.{key}", policy=Given(name), version=Given(version)))
                for key, name, version in zip(keys, named, versions, strict=True)
            ]
        return named[0], named[1]
