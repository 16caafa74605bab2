"""How messages are printed: colour where there is a terminal that wants it, and nowhere else."""

import io

import pytest

from policy_dsl.cli.say import Message, as_json, colours, counted, errors, tell

FAULT = Message(
    "error",
    "PD201 error · Art. 1 · x:2:4\n   2 | by a | b\n     |    ^ no such name\n   1 | a\n     | - here\n   help",
    {"code": "PD201"},
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (io.StringIO(), {}, False),
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_when_to_colour(
    stream: io.StringIO, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colours(stream) is coloured


def test_colour_changes_no_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal, pipe = Terminal(), io.StringIO()
    monkeypatch.setattr("sys.stdout", terminal)
    tell([FAULT])
    monkeypatch.setattr("sys.stdout", pipe)
    tell([FAULT])
    assert pipe.getvalue() == FAULT.text + "\n\n"
    painted = terminal.getvalue()
    assert "\x1b[31m" in painted
    assert "   2 | by a | b\n" in painted
    bare = painted
    for code in ("\x1b[31m", "\x1b[34m", "\x1b[1m", "\x1b[0m"):
        bare = bare.replace(code, "")
    assert bare == pipe.getvalue()


def test_counting():
    warning, advice = Message("warning", "", {}), Message("advice", "", {})
    assert counted([]) == "no faults"
    assert counted([FAULT]) == "1 error"
    assert counted([FAULT, FAULT, warning, advice, advice]) == "2 errors, 1 warning, 2 advice"
    assert not errors([warning, advice])
    assert errors([advice, FAULT])


def test_data_can_not_steer_a_terminal_either():
    text = as_json([{"file": "é\x1b\x9b\u202e\u2028"}])
    assert text == '[\n  {\n    "file": "é\\u001b\\u009b\\u202e\\u2028"\n  }\n]\n'
