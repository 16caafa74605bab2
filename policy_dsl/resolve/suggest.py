"""The nearest spelling of a name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate that is spelt most nearly like a word, or nothing if none is near."""
    known = sorted(set(candidates) - {word})
    if not known:
        return ""
    plain = _plain(word)
    for candidate in known:
        if _plain(candidate) == plain:
            return candidate
    longer = [candidate for candidate in known if candidate.startswith(word) and len(word) >= 4]
    if len(longer) == 1:
        return longer[0]
    from difflib import get_close_matches

    found = get_close_matches(word, known, n=1, cutoff=0.6 if len(word) < 5 else 0.7)
    return found[0] if found else ""


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """What would mend a misspelt name, or nothing."""
    found = nearest(word, candidates)
    return f"did you mean `{found}`?" if found else ""


def listed(words: Iterable[str], joined: str = "or") -> str:
    """Words in quotes, as a list in a sentence: `a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {joined} {quoted[-1]}"


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").removesuffix("s")
