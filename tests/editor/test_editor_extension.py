"""The extension for VS Code: what it declares, its colours, its snippets, and that it starts the real server."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from benches import HEADER, POLICIES, ROOT

from policy_dsl import __version__
from policy_dsl.editor.extension import SCOPES, snippets, textmate
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.syntax.highlight import RULES, coloured

HOME = ROOT / "editors" / "vscode"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")
MANIFEST = json.loads((HOME / "package.json").read_text("utf-8"))

DATA = Path(__file__).parent / "data"


def ran(script: Path, *arguments: str) -> str:
    assert NODE is not None
    done = subprocess.run(
        [NODE, str(script), *arguments], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def has_module(name: str) -> bool:
    """Whether node finds a module: in `editors/vscode` after `npm install`, or by NODE_PATH."""
    places = [HOME / "node_modules", *(Path(each) for each in os.environ.get("NODE_PATH", "").split(":") if each)]
    return any((place / name).is_dir() for place in places)


class TestManifest:
    def test_it_is_that_of_the_tool(self):
        assert MANIFEST["version"] == __version__

    def test_the_files_that_it_names_are_there(self):
        contributes = MANIFEST["contributes"]
        (language,) = contributes["languages"]
        named = [language["configuration"], contributes["grammars"][0]["path"], contributes["snippets"][0]["path"]]
        assert all((HOME / name).is_file() for name in named)
        assert language["extensions"] == [".policy"]
        assert "extension.js" in MANIFEST["scripts"]["build"]
        assert MANIFEST["main"].removeprefix("./") in MANIFEST["scripts"]["build"]

    def test_what_is_fetched_is_not_kept(self):
        assert {"node_modules", "out", "*.vsix"} <= set((HOME / ".gitignore").read_text("utf-8").split())

    def test_the_configuration_of_the_language(self):
        found = json.loads((HOME / "language-configuration.json").read_text("utf-8"))
        assert found["comments"] == {"lineComment": "#"}
        rules = found["indentationRules"]
        deeper, words = re.compile(rules["increaseIndentPattern"]), re.compile(found["onEnterRules"][0]["beforeText"])
        for line in ('article 1 "A"', '  tier core "C"', '  apportion x "X"', 'policy t "T"', "    step s"):
            assert deeper.search(line)
        for line in ('  define x "X" = 1', '  set s "S" = core', "    total arrivals", 'part I "P"', "# article"):
            assert not deeper.search(line)
        assert words.search("  (1) > Words that go on")
        assert not words.search("  (1) > Words that end.")


class TestGrammar:
    def test_it_is_made_from_the_words_of_the_language(self):
        assert (HOME / "syntaxes" / "policy.tmLanguage.json").read_text("utf-8") == textmate()
        assert {rule.kind for rule in RULES} | {"given"} == set(SCOPES)

    @pytest.mark.parametrize("file", POLICIES[::6], ids=lambda file: file.name)
    def test_line_by_line_it_colours_as_the_table_does(self, file: Path):
        """The rules of TextMate: at each place the earliest match, of several the first rule; each line by itself."""
        patterns = [
            (re.compile(row["match"]), {int(group): each["name"] for group, each in row["captures"].items()})
            for row in json.loads(textmate())["patterns"]
        ]
        text = file.read_text("utf-8")
        for line in text.split("\n"):
            assert list(scopes(patterns, line)) == [
                (signs, f"{SCOPES[kind]}.policy") for kind, signs in coloured(line) if kind != "plain"
            ]

    @needs_node
    @pytest.mark.skipif(
        not (has_module("vscode-textmate") and has_module("vscode-oniguruma")),
        reason="vscode-textmate and vscode-oniguruma are not installed: `npm install` in editors/vscode",
    )
    @pytest.mark.parametrize("file", POLICIES[::6], ids=lambda file: file.name)
    def test_the_engine_of_the_editor_colours_so_too(self, file: Path, monkeypatch: pytest.MonkeyPatch):
        paths = [str(HOME / "node_modules"), os.environ.get("NODE_PATH", "")]
        monkeypatch.setenv("NODE_PATH", ":".join(path for path in paths if path))
        found = json.loads(ran(DATA / "tokens.js", str(HOME / "syntaxes" / "policy.tmLanguage.json"), str(file)))
        for line, tokens in zip(file.read_text("utf-8").split("\n"), found, strict=True):
            wide = line.encode("utf-16-le")
            got = [(wide[2 * start : 2 * end].decode("utf-16-le"), scope) for start, end, scope in tokens if scope]
            assert got == [(signs, f"{SCOPES[kind]}.policy") for kind, signs in coloured(line) if kind != "plain"]


def scopes(patterns: list[tuple[re.Pattern[str], dict[int, str]]], line: str):
    at = 0
    while at <= len(line):
        found = [(match, names) for pattern, names in patterns if (match := pattern.search(line, at)) is not None]
        found = [(match, names) for match, names in found if match.end() > match.start()]
        if not found:
            return
        match, names = min(found, key=lambda each: each[0].start())
        yield from ((match.group(group), name) for group, name in names.items() if match.group(group))
        at = match.end()


class TestSnippets:
    def test_they_are_made_from_the_forms_of_the_language(self):
        assert (HOME / "snippets" / "policy.json").read_text("utf-8") == snippets()

    @pytest.mark.parametrize("word", sorted(json.loads(snippets())))
    def test_each_can_be_read_where_it_belongs(self, word: str):
        body = "\n".join(json.loads(snippets())[word]["body"])
        text = re.sub(r"\$\{\d+(?::([^}]*)|\|([^,|}]*)[^}]*)\}", lambda found: found[1] or found[2], body)
        if word == "policy":
            whole = text
        elif text.startswith(("part ", "article", "replace", "add", "delete", "example")):
            whole = f"{HEADER}\n{text}\n"
        else:
            whole = HEADER + '\narticle 1 "A"\n' + "".join(f"  {line}\n" for line in text.split("\n"))
        assert [each.code for each in parse(Source("t", whole)).problems] == []


@needs_node
class TestStart:
    def test_it_starts_the_real_server_for_policies(self):
        said = json.loads(ran(DATA / "stand_in.js", str(HOME / "extension.js"), sys.executable))
        assert said["errors"] == []
        assert said["id"] == "policy"
        assert {"scheme": "file", "language": "policy"} in said["selector"]
        assert said["watched"] == ["**/*.policy"]
        assert said["answer"]["serverInfo"] == {"name": "policy", "version": __version__}
        assert said["answer"]["capabilities"]["renameProvider"] == {"prepareProvider": True}
        assert said["code"] == 0

    def test_the_commands_that_it_declares_are_there(self):
        said = json.loads(ran(DATA / "stand_in.js", str(HOME / "extension.js"), sys.executable))
        assert said["commands"] == [each["command"] for each in MANIFEST["contributes"]["commands"]]

    def test_the_program_that_it_starts_unless_told_otherwise(self):
        settings = MANIFEST["contributes"]["configuration"]["properties"]
        assert [settings["policy.command"]["default"], *settings["policy.arguments"]["default"]] == ["policy", "lsp"]
