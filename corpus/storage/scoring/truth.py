"""The truth of an image, as scores need it."""

import json
from bisect import bisect_right
from dataclasses import dataclass, field

# States of files of which every byte is still there.
RECOVERABLE = ["whole", "deleted", "fragmented", "deleted-fragmented"]


@dataclass
class Score:
    name: str
    # (state, kind) to [reached, of].
    counts: dict = field(default_factory=dict)
    marks: dict = field(default_factory=dict)
    facts: list = field(default_factory=list)
    missed: list = field(default_factory=list)
    # At a bait; not there at all; a wrong piece of something; a part of a known file.
    false: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    inside: list = field(default_factory=list)
    elsewhere: list = field(default_factory=list)

    def count(self, state, kind, reached):
        cell = self.counts.setdefault((state, kind), [0, 0])
        cell[0] += bool(reached)
        cell[1] += 1

    def of(self, *states):
        cells = [cell for (state, _), cell in self.counts.items() if state in states]
        return sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)


class Truth:
    def __init__(self, path):
        self.record = json.loads(path.read_text())
        self.image = path.parent / self.record["image"]
        self.files = [entry for entry in self.record["files"] if entry["state"] != "bait"]
        self.baits = [entry for entry in self.record["files"] if entry["state"] == "bait"]
        self.digests = {entry["sha256"]: entry for entry in self.files}
        spans = [(start, start + size, entry) for entry in self.record["files"] for start, size in entry["pieces"]]
        self.spans = sorted(spans, key=lambda span: span[:2])
        self.starts = [span[0] for span in self.spans]

    def at(self, place):
        """What lies at a place, and how far from its first byte."""
        number = bisect_right(self.starts, place) - 1
        # Files of file systems and a file between two pieces do not overlap; pieces do not either.
        if number >= 0:
            start, end, entry = self.spans[number]
            if start <= place < end:
                return entry, place - start
        return None, 0

    def recoverable(self):
        return [entry for entry in self.files if entry["state"] in RECOVERABLE]

    def truncated(self):
        return [entry for entry in self.files if entry["state"] == "truncated"]
