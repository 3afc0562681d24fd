"""Scores as Markdown."""

from scoring.truth import RECOVERABLE

STATES = RECOVERABLE + ["truncated"]


def share(pair):
    return f"{pair[0]}/{pair[1]}" if pair[1] else ""


def table(score):
    kinds = sorted({kind for _, kind in score.counts})
    lines = [f"### {score.name}", "", "| kind | " + " | ".join(STATES) + " |", "|---" * (len(STATES) + 1) + "|"]
    for kind in kinds:
        cells = [share(score.counts.get((state, kind), [0, 0])) for state in STATES]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    lines.append("| **all** | " + " | ".join(share(score.of(state)) for state in STATES) + " |")
    wrong = [detail for _, right, detail in score.facts if not right]
    lines += ["", f"at baits {len(score.false)}, wrong {len(score.wrong)}, inside known files {len(score.inside)}, "
              f"elsewhere {len(score.elsewhere)}; facts {len(score.facts) - len(wrong)}/{len(score.facts)}"]
    if score.marks:
        shown = ", ".join(f"{way} {code} {share(cell)}" for (way, code), cell in sorted(score.marks.items()))
        lines.append(f"marks: {shown}")
    return "\n".join(lines)


def line(name, score):
    exact = score.of(*RECOVERABLE)
    cells = [share(exact)] + [share(score.of(state)) for state in STATES]
    cells += [str(len(score.false)), str(len(score.wrong)), str(len(score.elsewhere))]
    return f"| {name} | " + " | ".join(cells) + " |"


def misses(score):
    lines = [f"  missed: {text}" for text in score.missed]
    lines += [f"  at a bait: {text}" for text in score.false]
    lines += [f"  wrong: {text}" for text in score.wrong]
    lines += [f"  elsewhere: {text}" for text in score.elsewhere[:40]]
    lines += [f"  fact: {name}: {detail}" for name, right, detail in score.facts if not right]
    return "\n".join(lines)


def failures(score):
    """What must be reached on every image: see the issue's numbers in bench/README.md."""
    told = []

    def at_least(name, pair, hundredths):
        if pair[0] * 100 < pair[1] * hundredths:
            told.append(f"{score.name}: {name} {share(pair)}, must be {hundredths} %")

    at_least("whole and deleted", score.of("whole", "deleted"), 99)
    at_least("in two pieces", score.of("fragmented"), 75)
    at_least("truncated", score.of("truncated"), 100)
    marks = [sum(cell[n] for cell in score.marks.values()) for n in (0, 1)]
    at_least("marks", marks, 100)
    if score.false:
        told.append(f"{score.name}: {len(score.false)} finds at baits")
    told += [f"{score.name}: {name}: {detail}" for name, right, detail in score.facts if not right]
    return told
