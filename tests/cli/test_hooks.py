"""The hooks for pre-commit run commands that there are, on the files for which they are meant."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8"))
}


def test_the_hooks():
    assert list(HOOKS) == ["policy-fmt", "policy-check", "policy-test"]
    assert {hook["language"] for hook in HOOKS.values()} == {"python"}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_passes_a_sound_policy_and_not_one_with_a_fault(policy, folder: Path, name: str):
    words = shlex.split(HOOKS[name]["entry"])
    assert words[0] == "policy"
    assert policy(*words[1:], "lake.policy").code == 0
    before = (folder / "lake.policy").read_text("utf-8")
    spoilt = before.replace("  language  1", "  language 1").replace("total    arrivals", "total    arrivalls")
    (folder / "lake.policy").write_text(spoilt, "utf-8")
    ran = policy(*words[1:], "lake.policy")
    # A hook fails that ends so, or that changes a file.
    assert ran.code != 0 or (folder / "lake.policy").read_text("utf-8") != spoilt


def test_translations_have_no_examples():
    hook = HOOKS["policy-test"]
    for name, meant in {"lake.policy": True, "law/lake.fr.policy": False, "lake.yaml": False}.items():
        assert bool(re.search(hook["files"], name) and not re.search(hook["exclude"], name)) is meant
