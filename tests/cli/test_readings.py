"""`policy compare`, `policy history`, `--as-at` and `--take`: streams, forms, exit codes."""

import json
from pathlib import Path

import pytest

OPEN = """
article 2 "Report"
  > Each member reports.
  alternative A proposed by TZA
    define reports "Reports" = count of members
  alternative B proposed by RWA
    define reports "Reports" = 2 * count of members

alternative C
  article 3 "Places of Tanzania"
    > Tanzania takes no more than half.
    guarantee half : places of TZA <= 50% of arrivals
alternative D with A
  none
"""
DATED = """
article 2 "Rate"
  > There is a rate.
  parameter rate "Rate" = 10 USD
    from 2026-08-01 : 20 USD cites "Protocol 2"
  define due "Due" for each member = rate
  reservation of_rwanda "Declaration"
    by RWA
    to due : 5 USD
"""


@pytest.fixture(name="lake")
def _lake(folder: Path) -> Path:
    text = (folder / "lake.policy").read_text("utf-8")
    (folder / "draft.policy").write_text(text + OPEN, "utf-8")
    (folder / "dated.policy").write_text(text + DATED, "utf-8")
    return folder


COMMANDS = [
    ("decide", "draft.policy", "lake.yaml"),
    ("explain", "draft.policy", "lake.yaml", "places of TZA"),
    ("what-decided", "draft.policy", "lake.yaml"),
    ("case", "check", "draft.policy", "lake.yaml"),
    ("case", "new", "draft.policy"),
    ("case", "schema", "draft.policy"),
    ("history", "draft.policy"),
    ("compare", "draft.policy", "lake.yaml", "--reservations"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each[:2]))
def test_while_brackets_remain_nothing_is_decided_and_the_open_places_are_listed(policy, lake: Path, command):
    ran = policy(*command)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("PD180 error") == 1
    for said in ("Art. 2, line 33; line 38", "`A` or `B`", "`C` or `D`", "policy compare", "--take A"):
        assert said in " ".join(ran.err.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_alternatives_that_are_taken_make_a_policy_of_a_draft(policy, lake: Path, command):
    ran = policy(*command, "--take", "A", "--take", "D")
    assert (ran.code, "PD180" in ran.err) == (0, False)
    assert policy(*command, "--take", "A + D").out == ran.out
    assert policy(*command, "--take", "D").out == ran.out
    assert policy(*command, "--take", "A").code == 1
    assert policy(*command, "--take", "B,D").code == 2
    assert policy(*command, "--take", "E").code == 2


def test_the_document_says_which_alternatives_were_taken_and_shows_the_text_as_it_then_reads(policy, lake: Path):
    out = policy("decide", "draft.policy", "lake.yaml", "--take", "A,C").out
    assert "*Reading* the draft as if, of its alternatives, A and C had been adopted," in out
    rules = out[out.index("### Article 2") :]
    assert "alternative" not in rules
    assert "2 * count of members" not in rules
    # Only the draft is said to be one.
    assert "draft" not in policy("decide", "lake.policy", "lake.yaml").out


@pytest.mark.parametrize("more", [("--take", "A,C"), ("--take", "B,C")])
def test_a_decision_on_a_draft_is_verified_by_the_same_reading(policy, lake: Path, more: tuple[str, ...]):
    assert policy("decide", "draft.policy", "lake.yaml", *more, "--out", "d.json", "-q").code == 1
    data = json.loads(Path("d.json").read_text("utf-8"))
    assert data["policy"]["taken"] == more[1].split(",")
    assert policy("verify", "d.json").code == 0
    data["policy"]["taken"] = ["A", "D"]
    Path("d.json").write_text(json.dumps(data), "utf-8")
    assert policy("verify", "d.json").code == 1


def test_check_says_of_a_draft_that_it_is_one_and_checks_every_combination(policy, lake: Path):
    ran = policy("check", "draft.policy")
    assert (ran.code, ran.err) == (0, "")
    assert "PD188 advice" in ran.out
    assert "3 combinations" in ran.out
    text = (lake / "draft.policy").read_text("utf-8")
    (lake / "draft.policy").write_text(text.replace("2 * count of members", "2 * count of membres"), "utf-8")
    ran = policy("check", "draft.policy")
    assert ran.code == 1
    assert "this is so where `B` is taken" in ran.out


# ---- compare ---------------------------------------------------------------------------------------------------------


def test_a_comparison_goes_to_the_terminal_or_to_a_file_in_its_form(policy, lake: Path):
    ran = policy("compare", "draft.policy", "lake.yaml")
    assert ran.code == 0
    assert "Member A + C A + D B + C" in [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "Under A + C a guarantee does not hold" in ran.out
    for name, begins in (("a.html", "<!doctype html>"), ("a.json", "{"), ("a.txt", "The alternatives")):
        ran = policy("compare", "draft.policy", "lake.yaml", "--out", name)
        assert (ran.code, ran.out, f"The comparison is in {name}" in ran.err) == (0, "", True)
        assert Path(name).read_text("utf-8").lower().startswith(begins.lower())
    assert policy("compare", "draft.policy", "lake.yaml", "--format", "json").out == Path("a.json").read_text("utf-8")
    assert policy("compare", "draft.policy", "lake.yaml", "--out", "lake.yaml", "--format", "json").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("compare", "lake.policy", "lake.yaml"), 2, "PD964"),
        (("compare", "draft.policy", "lake.yaml", "--out", "a.pdf"), 2, "PD965"),
        (("compare", "draft.policy", "lake.yaml", "--against", "E"), 2, "PD962"),
        (("compare", "draft.policy", "lake.yaml", "--at-most", "0"), 2, "--at-most"),
        (("compare", "draft.policy", "gone.yaml"), 2, "PD901"),
        (("compare", "gone.policy", "lake.yaml"), 2, "PD901"),
        (("compare", "faulty.policy", "lake.yaml"), 2, "PD964"),
        (("compare", "draft.policy", "lake.yaml", "--as-at", "2020-01-01"), 2, "PD967"),
        (("compare", "draft.policy"), 2, "CASES"),
        (("decide", "lake.policy", "lake.yaml", "--as-at", "2020-01-01"), 2, "PD967"),
        (("decide", "lake.policy", "lake.yaml", "--as-at", "1 July 2026"), 2, "2026-07-01"),
        (("decide", "lake.policy", "lake.yaml", "--as-at", "2026-02-30"), 2, "2026-07-01"),
        (("history", "lake.policy", "--at", "2020-01-01"), 2, "PD967"),
        (("history", "gone.policy"), 2, "PD901"),
        (("history", "faulty.policy"), 1, "PD201"),
    ],
)
def test_what_can_not_be_done_is_said(policy, lake: Path, arguments: tuple[str, ...], code: int, said: str):
    ran = policy(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_case_with_a_fault_is_told_and_the_other_cases_are_compared(policy, lake: Path):
    text = (lake / "lake.yaml").read_text("utf-8")
    (lake / "other.yaml").write_text(text.replace("arrivals:", "arivals:"), "utf-8")
    ran = policy("compare", "draft.policy", "lake.yaml", "other.yaml")
    assert ran.code == 1
    assert ran.err.count("PD755 error") == 1
    assert "(lake.yaml)" in ran.out
    assert "(other.yaml)" in ran.out


def test_a_draft_with_a_fault_in_its_text_is_not_compared(policy, lake: Path):
    text = (lake / "draft.policy").read_text("utf-8")
    (lake / "draft.policy").write_text(text.replace("guarantee half", "garantee half"), "utf-8")
    ran = policy("compare", "draft.policy", "lake.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "PD124" in ran.err


def test_what_reservations_do_to_the_others(policy, lake: Path):
    ran = policy("compare", "dated.policy", "lake.yaml", "--reservations")
    assert ran.code == 0
    assert "Because of the reservation less falls on RWA (−15)." in ran.out
    assert "No member holds a reservation." in policy("compare", "lake.policy", "lake.yaml", "--reservations").out


# ---- as at -----------------------------------------------------------------------------------------------------------


def test_the_rules_as_at_a_date_are_said_in_every_form_and_verified(policy, lake: Path):
    asked = ("dated.policy", "lake.yaml", "--as-at", "2026-07-15")
    assert "10" in policy("explain", "dated.policy", "lake.yaml", "due of TZA", *asked[2:]).out
    document = policy("decide", *asked).out.replace("\u00a0", " ")
    assert "Rules and agreed figures as at 15 July 2026; facts as on 1 August 2026." in document
    assert "*Reading* these rules as at 15 July 2026, whatever the date of the case," in document
    assert policy("decide", *asked, "--out", "d.json", "-q").code == 0
    data = json.loads(Path("d.json").read_text("utf-8"))
    assert data["as_at"] == "2026-07-15"
    assert policy("verify", "d.json").code == 0
    del data["as_at"]
    Path("d.json").write_text(json.dumps(data), "utf-8")
    assert policy("verify", "d.json").code == 1


def test_the_date_of_the_law_is_no_part_of_the_case(policy, lake: Path):
    receipts = []
    for more in ((), ("--as-at", "2026-07-15"), ("--as-at", "2026-08-01")):
        policy("decide", "dated.policy", "lake.yaml", *more, "--out", "d.json", "-q")
        receipts.append(json.loads(Path("d.json").read_text("utf-8"))["receipt"])
    assert len({each["case"] for each in receipts}) == 1
    assert len({each["rules"] for each in receipts}) == 1
    assert [each["outcome"] == receipts[0]["outcome"] for each in receipts] == [True, False, True]


def test_history_of_a_day_and_as_data(policy, lake: Path):
    assert "Protocol 2" in policy("history", "dated.policy").out
    assert "Protocol 2" not in policy("history", "dated.policy", "--at", "2026-07-31").out
    data = json.loads(policy("history", "dated.policy", "--format", "json").out)
    assert [each["value"] for each in data["figures"][0]["values"]] == ["10 USD", "20 USD"]
