"""The words of a comparison by effect. Slots as in `messages`."""

from __future__ import annotations

from policy_dsl.render.languages import Table

EFFECTS = Table(
    "EFFECTS",
    {
        "title": "What changed in {policy}",
        "before": "Before: {file}[, version {version}]",
        "after": "After: {file}[, version {version}]",
        "whole": "The policy as a whole",
        "article": "{at}: {title}",
        "none": "Nothing changed.",
        "rules": ("{count} change of the rules.", "{count} changes of the rules."),
        "rules.none": (
            "No rule changed: the same follows in every case. What changed are words, their order, or examples."
        ),
        "examples": "Worked examples",
        "examples.note": "Worked examples are tests. They are no rules, and decide nothing.",
        "numbered": "{number}. {said}",
        "together": "Changes that bear one number can only be made together: without the others the text has a fault.",
        "effect": "By effect",
        "cases": (
            "{count} case was decided under both texts; in {differ} something comes out otherwise.",
            "{count} cases were decided under both texts; in {differ} something comes out otherwise.",
        ),
        "made": (
            "{count} of them was made for an edge of one of the texts, from the first case.",
            "{count} of them were made for the edges of both texts, from the first case.",
        ),
        "no proof": (
            "That no case shown here comes out otherwise is no proof that none does: nobody has tried all cases."
        ),
        "nothing decided": (
            "Names, numbers, places and words decide nothing: in every case the same follows from both texts."
        ),
        "no cases": "No case was there to be decided under both texts.",
        "left": (
            "{count} case was not decided, as enough was done; ask for more with --limit.",
            "{count} cases were not decided, as enough was done; ask for more with --limit.",
        ),
        "loose": (
            "In {count} case the effects were not traced to single changes, as enough was done; ask for more with "
            "--limit.",
            "In {count} cases the effects were not traced to single changes, as enough was done; ask for more with "
            "--limit.",
        ),
        "numbers": (
            "The numbers under “because of” are those of the changes above. Each was found by making this change alone "
            "in the old text, and by taking it back alone in the new one."
        ),
        "same": "Nothing comes out otherwise in: {cases}.",
        "alike": (
            "In {count} of the cases made for an edge the same findings come out otherwise as in the first case.",
            "In {count} of the cases made for edges the same findings come out otherwise as in the first case.",
        ),
        "same.only": (
            "Nothing comes out otherwise in {count} of the cases made for an edge.",
            "Nothing comes out otherwise in {count} of the cases made for edges.",
        ),
        "same.made": ("Nor in {count} of the cases made for an edge.", "Nor in {count} of the cases made for edges."),
        "unread.old": "{case} does not fit the old text, and was not compared: {problem}",
        "unread.new": "{case} no longer fits the new text, and was not compared: {problem}",
        "unread.both": "{case} fits neither text, and was not compared: {problem}",
        "case": "{title} ({name})",
        # what a case was made for
        "edge.below": "Made for an edge: {of}[ of {member}] is {value}, one step below a threshold.",
        "edge.at": "Made for an edge: {of}[ of {member}] is {value}, at a threshold.",
        "edge.above": "Made for an edge: {of}[ of {member}] is {value}, one step above a threshold.",
        "edge.last": "Made for an edge: {of}[ of {member}] takes place at the last moment, {value}.",
        "edge.late": "Made for an edge: {of}[ of {member}] takes place just after the last moment, {value}.",
        "edge.first": "Made for an edge: {of}[ of {member}] takes place at the first moment, {value}.",
        "edge.early": "Made for an edge: {of}[ of {member}] takes place just before the first moment, {value}.",
        "edge.tied": "Made for an edge: under {of}, {member} has the same facts as another member.",
        "edge.missing": "Made for an edge: {of}[ of {member}] is missing.",
        # tables
        "table.share": "{of}[, {cohort}][ ({unit})]",
        "table.received": "Paid out by {of}[ ({unit})]",
        "table.found": "{of}[ ({unit})]",
        "col.member": "Member",
        "col.before": "Before",
        "col.after": "After",
        "col.change": "Change",
        "col.because": "Because of",
        "cell.none": "–",
        "cell.open": "not determined",
        "cell.lost": "a loss",
        "cell.gained": "decided now",
        "lost.count": (
            "{count} finding was decided before and is undecided now. That is a loss, and no improvement.",
            "{count} findings were decided before and are undecided now. That is a loss, and no improvement.",
        ),
        "gained.count": (
            "{count} finding was undecided before and is decided now.",
            "{count} findings were undecided before and are decided now.",
        ),
        "more": "+{amount}",
        # causes
        "due.alone": "{numbers}",
        "due.sum": "{numbers}, added up",
        "due.together": "{numbers}, acting together",
        "due.none": "all changes together",
        "due.unknown": "not traced",
        "because": "{said} (because of {due})",
        # what is no figure in a table
        "lost": "{of}[ of {member}]: {before} before, and no longer determined, a loss.",
        "gained": "{of}[ of {member}]: now {after}; not determined before.",
        "new": "{of}[ of {member}]: now {after}; not found before.",
        "gone": "{of}[ of {member}]: {before} before; no longer found.",
        "changed": "{of}[ of {member}]: {after} instead of {before}.",
        "seat": "Seat of {member} under {of}: {after} instead of {before}.",
        "event": (
            "{of}, event {number} of the record: {after} instead of {before}.",
            "{of}, events {number} of the record: {after} instead of {before}.",
        ),
        "latest.lost": "{of}: it was due by {before}, and when it is due is no longer determined, a loss.",
        "latest.gained": "{of}: due by {after}; when it is due was not determined before.",
        "latest.new": "{of}: now due by {after}.",
        "latest.gone": "{of}: no longer due by {before}.",
        "latest": "{of}: due by {after} instead of {before}.",
        "left over": "{of}: {after} allocated to nobody, instead of {before}.",
        "closing": "{of} stands at {after} afterwards instead of {before}.",
        "grounds": "{of}[ of {members}]: the same, now also by {came}.",
        "grounds.less": "{of}[ of {members}]: the same, no longer by {went}.",
        "grounds.other": "{of}[ of {members}]: the same, now by {came} and no longer by {went}.",
        "nothing": "nothing",
        "holds": "holds a seat",
        "refused": "no seat",
        "event.valid": "valid",
        "event.refused": "refused",
    },
)
