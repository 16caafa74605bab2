"""A translation beside the policy that it translates: which words are those of what, what has none, what fits nothing.

One text is authentic, and it alone is computed with. Words of a translation go to parts of the authentic text by their
place: a title by the name, a paragraph by its number, a reason by its order among those of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from policy_dsl.diagnostics import Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.languages import head_words
from policy_dsl.resolve.program import Worded
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.resolve.titled import Titled, titled
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.values import Address

Numbered = tuple[int, str]
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What one file of a policy says that can be translated. An `open` one lacks blocks that could not be read."""

    worded: Worded
    articles: Mapping[Numbered, tree.Article]
    parts: Mapping[str, str]
    deletions: Mapping[Numbered, tree.Departure] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something without words in a language. `kind` is title, authority, part, article, paragraph, name or reason.

    `address` is the article, or the paragraph; `name` the name, or the heading of the part.
    """

    kind: str
    address: Address | None = None
    name: str = ""


@dataclass(slots=True)
class Matched:
    """The words of one file in another language: by the node whose words they are, and by the words themselves.

    `nodes` has articles (their titles), paragraphs, names (of a provision, a criterion, a field: its title); `words`
    has titles, names and reasons by the authentic words; `parts` the headings of parts with their numbers.
    """

    title: str = ""
    authority: str = ""
    version: str = ""
    nodes: dict[tree.Node, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    lacking: list[Lacking] = field(default_factory=list)


def match(outline: Outline, file: tree.TranslationFile, findings: Findings) -> Matched:
    """Bring a translation and the file that it translates together; what fits nothing is found."""
    found = Matched()
    _head(outline, file, found, findings)
    seen: dict[object, tree.Node] = {}
    for item in file.items:
        match item:
            case tree.Part():
                if _new(seen, ("part", item.number), item, item.span, f"part {item.number}", findings):
                    _part(outline, item, found, findings)
            case tree.Translated():
                what = f"article {item.number}"
                if _new(seen, str(item.number), item, item.number.span, what, findings):
                    _article(outline, item, found, findings)
            case tree.Untranslated():
                departure = outline.deletions.get(_key(item.number))
                if departure is not None:
                    _reasons(departure.notes, item.notes, f"`delete article {item.number}`", found, findings)
                elif not outline.open:
                    findings.add("PD272", item.number.span, what=f"line `delete article {item.number}`")
    found.lacking += _lacking(outline, found)
    return found


def _head(outline: Outline, file: tree.TranslationFile, found: Matched, findings: Findings) -> None:
    header = file.header
    if header is None:
        return
    lines: dict[str, tree.HeadLine] = {}
    for line in header.lines:
        first = lines.setdefault(line.word, line)
        if first is not line:
            related = (Related(first.span, "the first one stands here"),)
            findings.add("PD221", line.span, related=related, line=line.word)
    found.title, found.authority = header.title, head_words(header, "authority")
    found.version = head_words(header, "version")
    own = outline.worded
    for authentic, said in ((own.title, found.title), (own.authority, found.authority)):
        if authentic and said:
            found.words.setdefault(authentic, said)
    stale = lines.get("version")
    if stale is not None and found.version != own.version:
        findings.add("PD283", stale.value.span, written=found.version, version=own.version)
    if not found.title:
        found.lacking.append(Lacking("title"))
    if own.authority and not found.authority:
        found.lacking.append(Lacking("authority"))


def _part(outline: Outline, part: tree.Part, found: Matched, findings: Findings) -> None:
    heading = outline.parts.get(part.number)
    if heading is not None:
        if part.title:
            found.parts[f"{part.number} {heading}"] = f"{part.number} {part.title}"
    elif not outline.open:
        findings.add("PD272", part.span, what=f"part {part.number}")


def _article(outline: Outline, item: tree.Translated, found: Matched, findings: Findings) -> None:
    article = outline.articles.get(_key(item.number))
    if article is None:
        if not outline.open:
            findings.add("PD272", item.number.span, mend=_nearest(outline, item), what=f"article {item.number}")
        return
    if item.title:
        found.nodes[article] = item.title
        found.words.setdefault(article.title, item.title)
    _paragraphs(article, item, found, findings)
    known = list(titled(article))
    seen: dict[object, tree.Node] = {}
    for line in item.lines:
        if isinstance(line, tree.Named):
            of = line.of.text if line.of is not None else ""
            what = f"`{line.name.text}`"
            if _new(seen, (line.name.text, of), line, line.name.span, what, findings):
                meant = [each for each in known if each.is_called(line.name.text, of)]
                _named(outline, item, line, meant, found, findings)


def _paragraphs(article: tree.Article, item: tree.Translated, found: Matched, findings: Findings) -> None:
    """Numbered paragraphs by their numbers, the others in their order."""
    authentic = paragraphs(article)
    seen: dict[object, tree.Node] = {}
    for key, line in paragraphs_of(line for line in item.lines if isinstance(line, tree.Prose)):
        number, _ = key
        head = line.span._replace(end=line.span.start + (len(f"({number})") if number is not None else 1))
        what = f"paragraph ({number})" if number is not None else "paragraph without a number here"
        if not _new(seen, key, line, head, f"Art. {item.number}({number})", findings):
            continue
        if key in authentic:
            if line.text:
                found.nodes[authentic[key]] = line.text
        elif not _broken(article):
            findings.add("PD273", head, _address(item.number), of=f"Art. {item.number}", what=what)


def paragraphs(article: tree.Article) -> dict[tuple[int | None, int], tree.Prose]:
    """The words of an article by the number of their paragraph and, where they have none, their place among such."""
    found: dict[tuple[int | None, int], tree.Prose] = {}
    for key, line in paragraphs_of(line for line in article.lines if isinstance(line, tree.Prose)):
        found.setdefault(key, line)
    return found


def paragraphs_of(lines: Iterator[tree.Prose]) -> Iterator[tuple[tuple[int | None, int], tree.Prose]]:
    """Words with what tells them from others in their article."""
    bare = 0
    for line in lines:
        if line.paragraph is None:
            bare += 1
        yield (line.paragraph, bare if line.paragraph is None else 0), line


def _named(
    outline: Outline,
    item: tree.Translated,
    line: tree.Named,
    meant: list[Titled],
    found: Matched,
    findings: Findings,
) -> None:
    if not meant:
        article = outline.articles[_key(item.number)]
        if not outline.open and not _broken(article):
            mend = _elsewhere(outline, line.name.text) or did_you_mean(line.name.text, _names(article))
            findings.add("PD274", line.name.span, _address(item.number), mend=mend, name=line.name.text)
        return
    for each in meant:
        if line.title:
            found.nodes[each.name] = line.title
            for authentic in (each.title, each.name.text, each.name.text.replace("_", " ")):
                if authentic:
                    found.words.setdefault(authentic, line.title)
    _reasons(meant[0].notes, line.notes, f"`{line.name.text}`", found, findings)


def _reasons(
    authentic: tuple[tree.Note, ...], said: tuple[tree.Note, ...], of: str, found: Matched, findings: Findings
) -> None:
    """Reasons and sources, each kind in its order."""
    for kind in ("because", "cites"):
        own = [each for each in authentic if each.kind == kind]
        theirs = [each for each in said if each.kind == kind]
        for note, text in zip(own, theirs, strict=False):
            found.nodes[note] = text.text
            found.words.setdefault(note.text, text.text)
        for more in theirs[len(own) :]:
            place = len(own)
            which = ORDINALS[place] if place < len(ORDINALS) else "further"
            findings.add("PD273", more.span, of=of, what=f"{which} `{kind}`")
    for note in said:
        if note.kind == "notwithstanding":
            findings.add("PD281", note.span, found=note.span.text)


def _lacking(outline: Outline, found: Matched) -> Iterator[Lacking]:
    """What of the file has no words in the translation, in the order of the articles."""
    for number, heading in outline.parts.items():
        if f"{number} {heading}" not in found.parts:
            yield Lacking("part", None, f"{number} {heading}")
    for key, article in sorted(outline.articles.items(), key=lambda each: Address(*each[0]).sort_key):
        address = Address(*key)
        if article.title and article not in found.nodes:
            yield Lacking("article", address)
        without = [number for (number, _), words in paragraphs(article).items() if words not in found.nodes]
        for run in _runs(without):
            yield Lacking("paragraph", Address(*key, run))
        for each in titled(article):
            if each.name not in found.nodes:
                yield Lacking("name", address, each.name.text)
            if any(note not in found.nodes for note in each.notes):
                yield Lacking("reason", address, each.name.text)
    for key, departure in outline.deletions.items():
        if any(note not in found.nodes for note in departure.notes if note.kind in ("because", "cites")):
            yield Lacking("reason", Address(*key), f"delete article {departure.number}")


def _runs(numbers: list[int | None]) -> list[tuple[int, ...]]:
    """Paragraphs that follow each other, together; words without a number are the article's own."""
    found: list[tuple[int, ...]] = []
    for number in numbers:
        if number is None:
            found.append(())
        elif found and found[-1] and found[-1][-1] == number - 1:
            found[-1] += (number,)
        else:
            found.append((number,))
    return list(dict.fromkeys(found))


def _new(
    seen: dict[object, tree.Node], key: object, node: tree.Node, span: Span, what: str, findings: Findings
) -> bool:
    """Whether something is translated for the first time; a second text is a fault."""
    first = seen.setdefault(key, node)
    if first is node:
        return True
    findings.add("PD275", span, related=(Related(first.span, "the first one stands here"),), what=what)
    return False


def _nearest(outline: Outline, item: tree.Translated) -> str:
    """The article that was probably meant: the one that gives the names, else the one with the nearest number."""
    names = {line.name.text for line in item.lines if isinstance(line, tree.Named)}
    shared = {number: len(names & set(_names(article))) for number, article in outline.articles.items()}
    most = max(shared, key=lambda number: shared[number], default=None)
    if most is not None and shared[most]:
        return f"the names are those of article {_written(most)}"
    return did_you_mean(f"article {item.number}", [f"article {_written(number)}" for number in outline.articles])


def _elsewhere(outline: Outline, name: str) -> str:
    """The article that gives a name, where another one was written."""
    for number, article in outline.articles.items():
        if name in _names(article):
            return f"`{name}` is a name of article {_written(number)}: move the line there"
    return ""


def _names(article: tree.Article) -> list[str]:
    return [each.name.text for each in titled(article)]


def _broken(article: tree.Article) -> bool:
    return any(isinstance(line, tree.Broken) for line in article.lines)


def _key(number: tree.ArticleNumber) -> Numbered:
    return number.number, number.suffix


def _address(number: tree.ArticleNumber) -> Address:
    return Address(number.number, number.suffix)


def _written(number: Numbered) -> str:
    return str(Address(*number)).removeprefix("Art. ")
