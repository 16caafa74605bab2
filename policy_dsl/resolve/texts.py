"""The words of a policy in one language: for documents, and for who checks a translation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from policy_dsl.diagnostics import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.files import Load
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.languages import authentic_language, head_words, known_language, same_language
from policy_dsl.resolve.program import Program, Worded
from policy_dsl.resolve.translations import Lacking, Matched, Outline, match
from policy_dsl.syntax import ParsedTranslation, parse, parse_translation, tree
from policy_dsl.values.languages import language_name

MOST = 8
MISPLACED = frozenset({"PD272", "PD273", "PD274", "PD281"})


@dataclass(frozen=True, slots=True, eq=False)
class OfFile:
    """The words of one file of a policy in a language; `matched` is none where nothing of it is in that language."""

    worded: Worded
    matched: Matched | None


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The words of all files of a policy in a language, those first that are the policy's own.

    `nodes`, `words` and `parts` are as in `Matched`, of all files together; `titles` has the titles of the files'
    policies by their names. `files` are those whose authentic language is another one.
    """

    language: str
    nodes: Mapping[tree.Node, str]
    words: Mapping[str, str]
    parts: Mapping[str, str]
    titles: Mapping[str, str]
    files: tuple[OfFile, ...]

    def of(self, node: tree.Node) -> str:
        """The words of a part of the text; nothing where there are none in this language."""
        return self.nodes.get(node, "")


@lru_cache(maxsize=16)
def texts(program: Program, language: str) -> Texts:
    """The words of a policy in a language. Empty where it is the language of all authentic texts."""
    nodes: dict[tree.Node, str] = {}
    words: dict[str, str] = {}
    parts: dict[str, str] = {}
    titles: dict[str, str] = {}
    files = []
    for worded in program.worded:
        if worded.authentic == language:
            continue
        source = next((each.source for each in worded.translations if each.language == language), None)
        matched = None
        if source is not None:
            matched = match(_outline(program, worded), parse_translation(source).tree, Findings(source))
            nodes |= matched.nodes
            words = matched.words | words
            parts |= matched.parts
            if matched.title:
                titles[worded.name] = matched.title
        files.append(OfFile(worded, matched))
    for each in files:
        # An article that takes the place of one of the model stands in a part whose heading is the model's.
        if each.matched is not None:
            each.matched.lacking[:] = [
                one for one in each.matched.lacking if one.kind != "part" or one.name not in parts
            ]
    return Texts(language, nodes, words, parts, titles, tuple(files))


def faults(program: Program, language: str) -> tuple[Problem, ...]:
    """What of the translations into a language can't be read, and those of another version than the text itself.

    Words for what the policy has not are told where the translation itself is checked; no document shows them.
    """
    found: list[Problem] = []
    for worded in program.worded:
        for each in worded.translations:
            if each.language == language and worded.authentic != language:
                parsed = parse_translation(each.source)
                findings = Findings(each.source)
                match(_outline(program, worded), parsed.tree, findings)
                stale = [problem for problem in findings.in_order([each.source]) if problem.code == "PD283"]
                found += [*parsed.problems, *stale]
    return tuple(found)


def _outline(program: Program, worded: Worded) -> Outline:
    """What stands of one file in a policy: what a departure took out is not there, and nothing to wonder at."""
    law = [each for each in program.law if each.node.span.source.name == worded.file]
    articles = {(each.address.article, each.address.suffix): each.node for each in law}
    parts = dict(each.part.split(" ", 1) for each in law if " " in each.part)
    deletions = {
        (made.node.number.number, made.node.number.suffix): made.node
        for made in program.departures
        if made.kind == "delete" and made.node.span.source.name == worded.file
    }
    return Outline(worded, articles, parts, deletions, open=True)


def check_translation(parsed: ParsedTranslation, load: Load) -> tuple[Problem, ...]:
    """What is wrong with a translation beside the policy that it names; the problems of its own text among it."""
    file = parsed.tree
    source = file.span.source
    findings = Findings(source)
    if file.header is not None:
        _check(parsed, file.header, load, findings)
    elif not parsed.problems:
        findings.add("PD120", source.span(0, 0))
    return (*parsed.problems, *findings.in_order([source]))


def _check(parsed: ParsedTranslation, header: tree.TranslationHeader, load: Load, findings: Findings) -> None:
    file = parsed.tree
    for word, sample in (("of", 'of "model.policy"'), ("version", 'version "1.0"')):
        if not any(line.word == word for line in header.lines):
            findings.add("PD220", header.language.span, line=word, mend=f"write the line `{sample}` in the header")
    known = known_language(header.language, findings)
    policy = _policy(file, header, load, findings)
    if policy is None or policy.header is None:
        return
    if not known or same_language(header.language, authentic_language(policy.header), findings):
        return
    _is_named(header, policy.header, load, findings)
    language = language_name(header.language.text)
    matched = match(_outline_of(policy, policy.header), file, findings)
    # What was written in the wrong place is told there; it need not be missed here.
    misplaced = {problem.code for problem in findings.in_order([file.span.source])} & MISPLACED
    if matched.lacking and not misplaced and not parsed.problems:
        told = [_said(each) for each in matched.lacking[:MOST]]
        more = len(matched.lacking) - len(told)
        listed = ", ".join(told) + (f" and {more} more" if more else "")
        findings.add("PD277", header.language.span, language=language, texts=listed)


def _policy(
    file: tree.TranslationFile, header: tree.TranslationHeader, load: Load, findings: Findings
) -> tree.PolicyFile | None:
    """The policy that a translation names, or none with a fault."""
    line = next((line for line in header.lines if line.word == "of"), None)
    if line is None or not isinstance(line.value, tree.Text):
        return None
    source = load(line.value.value, file.span.source)
    if source is None:
        findings.add("PD230", line.value.span, path=line.value.value, line="of")
        return None
    policy = parse(source).tree
    if tree.is_draft(policy):
        # The words of every alternative may be translated, whichever is adopted.
        from policy_dsl.resolve.alternatives import chosen, places

        policy = chosen(policy, {name for place in places(policy) for name in place.names})
    if policy.header is None:
        findings.add("PD282", line.value.span, path=line.value.value)
    return policy


def _is_named(header: tree.TranslationHeader, policy: tree.Header, load: Load, findings: Findings) -> None:
    """Whether the policy names this translation, so that documents are made with it."""
    own = header.span.source
    code = header.language.text
    lines = [each for each in policy.lines if isinstance(each, tree.TranslationLine) and each.language.text == code]
    named = [load(each.value.value, policy.span.source) for each in lines if isinstance(each.value, tree.Text)]
    if own.name not in [source.name for source in named if source is not None]:
        path = own.name.rpartition("/")[2]
        mend = f'write `translation {code} "{path}"` in the header of {policy.span.source.name}'
        findings.add("PD276", header.language.span, mend=mend, policy=policy.name.text)


def _outline_of(policy: tree.PolicyFile, header: tree.Header) -> Outline:
    """All that a file says by itself, whatever its model may add."""
    articles: dict[tuple[int, str], tree.Article] = {}
    deletions: dict[tuple[int, str], tree.Departure] = {}
    parts: dict[str, str] = {}
    for item in policy.items:
        match item:
            case tree.Article():
                articles.setdefault((item.number.number, item.number.suffix), item)
            case tree.Departure(article=tree.Article() as article, number=number):
                articles.setdefault((number.number, number.suffix), article)
            case tree.Departure(number=number):
                deletions[number.number, number.suffix] = item
            case tree.Part():
                parts[item.number] = item.title
    worded = Worded(
        policy.span.source.name,
        header.name.text,
        header.title,
        head_words(header, "version"),
        head_words(header, "authority"),
    )
    broken = any(isinstance(item, tree.Broken) for item in policy.items)
    return Outline(worded, articles, parts, deletions, broken)


def _said(each: Lacking) -> str:
    """Something without words, as a message says it."""
    match each.kind:
        case "part":
            return f"the heading of part {each.name.partition(' ')[0]}"
        case "article":
            return f"the title of {each.address}"
        case "paragraph":
            return str(each.address)
        case "name":
            return f"`{each.name}`"
        case "reason":
            return f"a reason of `{each.name}`"
    return "the title" if each.kind == "title" else "the authority"
