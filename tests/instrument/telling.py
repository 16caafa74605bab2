"""What is said of the provisions of a text: as plain lines, by name."""

from collections.abc import Iterator

from policy_dsl.check import Checked
from policy_dsl.files import Loader
from policy_dsl.instrument.told import Desk, provision
from policy_dsl.pipeline import Opened, check_policy
from policy_dsl.render.document import (
    Block,
    Bullets,
    Fold,
    Line,
    Operative,
    Paragraph,
    Section,
    Span,
    Table,
)
from policy_dsl.render.languages import telling
from policy_dsl.source import Source

HEAD = """policy group "Rules of a Group"
  language 1
  version "1"
  authority "Treaty"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

article 1 "Members and facts"
  tier core "Core members"
    AUT, BEL from 2027-01-01, DEU until 2030-12-31
  tier wider "Wider circle"
    FRA, ITA
  set aside "Members that stand aside"
    ITA
  participant unhcr "UNHCR"
    as secretariat
    may convene, attend
  indicators for each member
    population   : persons      "Population", between 0 persons and 9 persons, supplied by unhcr, good for 2 years
    gnp          : USD per year "National product", missing means left out
    hosted       : persons      "Hosted", missing means 0 persons
    security     : rating       "Security", between 0 and 10
    applications : persons      "Applications", each year
    signed       : yes or no    "Has signed"
  indicators for the case
    arrivals : persons "Arrivals"
    cost     : USD     "Cost"
    origin   : state   "Country of origin"
  indicators for each cohort
    persons_of : persons "Persons of the cohort"
  indicators for each cohort and member
    unit_cost : USD per person "Cost of a person"
  procedure meetings "Meetings"
    step request "Request"
      by members or unhcr
    step meeting "Meeting"
      by members
      not after 72 hours after request
      quorum 2
      adopted when count of against = 0
      records starts : date

article 2 "What is tested"
  > Words.
"""


def checked(articles: str, head: str = HEAD) -> Checked:
    """A policy of the head and these lines of its second article; but for facts unused, it may have no error."""
    text = head + "".join(f"  {line}\n" for line in articles.strip("\n").split("\n"))
    source = Source("group.policy", text)
    policy = check_policy(Opened(source, Loader(source)))
    found = [(each.code, each.span and each.span.text) for each in policy.problems if each.severity.value == "error"]
    found = [each for each in found if each[0] != "PD255"]
    assert not found
    assert policy.checked is not None
    return policy.checked


def section(of: Checked, name: str, language: str = "en") -> Section:
    """The section of a provision."""
    with telling(of.program, language):
        return provision(Desk(of), of.program.entries[name])


def told(of: Checked, name: str, language: str = "en") -> list[str]:
    """What is said of a provision: its sentences, and the cells of its tables with bars between them."""
    return list(_texts(section(of, name, language).blocks))


def flat(line: Line) -> str:
    """A line without its marks, with plain blanks."""
    return (
        "".join(span.text for span in line).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield flat(block.line)
            case Bullets():
                yield from (flat(each) for each in block.items)
            case Table():
                yield " | ".join(flat(each.heading) for each in block.columns)
                for row in block.rows:
                    yield " | ".join(flat(cell.line) for cell in row.cells)
            case Operative():
                yield f"{block.number}. {flat(block.line)}"
                yield from _texts(block.blocks)
            case Section() | Fold():
                yield from _texts(block.blocks)


def spans(part: object) -> Iterator[Span]:
    """Every span in a part of a document."""
    if isinstance(part, Span):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from spans(each)
    elif hasattr(part, "__dataclass_fields__"):
        for each in part.__dataclass_fields__:
            yield from spans(getattr(part, each))


__all__ = ["HEAD", "checked", "flat", "section", "spans", "told"]
