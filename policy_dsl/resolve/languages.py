"""In which languages there are words of a policy: the authentic one, and the translations that its header names.

Of a translation no more is read here than its first line: most documents are made in the authentic language.
"""

from __future__ import annotations

from policy_dsl.diagnostics import Related
from policy_dsl.resolve.files import Files
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import Translation, Worded
from policy_dsl.source import Span
from policy_dsl.syntax import language_of, tree

ENGLISH = "en"


def worded(file: tree.PolicyFile, files: Files, findings: Findings) -> Worded:
    """What a file with a header says of itself, and its translations; what is wrong with them is found."""
    header = file.header
    assert header is not None
    authentic = authentic_language(header)
    found: list[Translation] = []
    seen: dict[str, tree.TranslationLine] = {}
    for line in header.lines:
        if line.word == "authentic":
            assert isinstance(line.value, tree.Ident)
            known_language(line.value, findings)
        if not isinstance(line, tree.TranslationLine):
            continue
        language = line.language
        first = seen.setdefault(language.text, line)
        if first is not line:
            related = (Related(first.span, "the first one stands here"),)
            findings.add("PD221", line.span, related=related, line=f"translation {language.text}")
        elif known_language(language, findings) and not same_language(language, authentic, findings):
            source = files.text(line)
            if source is not None and _in_language(line, findings, language_of(source)):
                found.append(Translation(language.text, source))
    title, version, authority = header.title, head_words(header, "version"), head_words(header, "authority")
    name = header.name.text
    return Worded(file.span.source.name, name, title, version, authority, authentic, tuple(found))


def authentic_language(header: tree.Header) -> str:
    """The code of the language of a policy's own words; English where the header names none."""
    line = next((line for line in header.lines if line.word == "authentic"), None)
    return line.value.text if line is not None and isinstance(line.value, tree.Ident) else ENGLISH


def head_words(header: tree.Header | tree.TranslationHeader, word: str) -> str:
    """What stands in quotes in a line of a header; nothing where there is no such line."""
    line = next((line for line in header.lines if line.word == word), None)
    return line.value.value if line is not None and isinstance(line.value, tree.Text) else ""


def known_language(code: tree.Ident, findings: Findings) -> bool:
    """Whether a code is that of a language; else a fault."""
    from policy_dsl.values.languages import names

    if code.text in names():
        return True
    meant = next((known for known, name in names().items() if name.lower() == code.text), "")
    findings.add("PD278", code.span, mend=f"write `{meant}`" if meant else "", name=code.text)
    return False


def same_language(code: tree.Ident, authentic: str, findings: Findings) -> bool:
    """Whether a translation is into the language of the authentic text: a fault."""
    if code.text != authentic:
        return False
    findings.add("PD279", code.span, language=_called(authentic))
    return True


def _in_language(line: tree.TranslationLine, findings: Findings, stated: Span | None) -> bool:
    """Whether a file is a translation into the language under which it is named; else a fault."""
    path = line.value
    assert isinstance(path, tree.Text)
    wanted = line.language.text
    if stated is None:
        findings.add("PD271", path.span, path=path.value)
        return False
    if stated.text != wanted:
        related = (Related(stated, "it says so here"),)
        found, said = _called(stated.text), _called(wanted)
        findings.add("PD270", path.span, related=related, path=path.value, found=found, wanted=said)
    return stated.text == wanted


def _called(code: str) -> str:
    from policy_dsl.values.languages import language_name

    return language_name(code)
