"""The files of the extension for VS Code that are made from the words of the language: its colours and its snippets.

`tools/generated` writes them; at work the server needs neither.
"""

from __future__ import annotations

import json
import re

from policy_dsl.editor.meanings import meanings
from policy_dsl.syntax.highlight import RULES

# What the themes of editors know each class as (https://macromates.com/manual/en/language_grammars).
SCOPES = {
    "words": "string.unquoted.words",
    "comment": "comment.line.number-sign",
    "string": "string.quoted.double",
    "citation": "markup.underline.link.citation",
    "date": "constant.numeric.date",
    "figure": "constant.numeric",
    "opening": "keyword.control.article",
    "provision": "storage.type.provision",
    "line": "keyword.other.line",
    "gathering": "support.function.gathering",
    "operator": "keyword.operator.word",
    "function": "support.function",
    "builtin": "support.constant",
    "unit": "support.type.unit",
    "code": "constant.language.code",
    "given": "entity.name.type",
    "name": "variable.other",
    "sign": "keyword.operator",
}
SNIPPETS = ("file", "provision")


def textmate() -> str:
    """The grammar by which an editor colours a policy, in the form of TextMate."""
    rows = []
    for rule in RULES:
        captures = {"2": {"name": f"{SCOPES[rule.kind]}.policy"}}
        if re.compile(rule.pattern).groups > 2:
            captures["4"] = {"name": f"{SCOPES['given']}.policy"}
        rows.append({"match": rule.pattern, "captures": captures})
    grammar = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Policy",
        "scopeName": "source.policy",
        "fileTypes": ["policy"],
        "patterns": rows,
    }
    return json.dumps(grammar, ensure_ascii=False, indent=2) + "\n"


def snippets() -> str:
    """The forms of the language: the header, articles, provisions, examples."""
    found = {}
    for place in SNIPPETS:
        for word, each in meanings()[place].items():
            if each.form and word not in found:
                found[word] = {"prefix": word, "body": each.form.split("\n"), "description": each.says}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
