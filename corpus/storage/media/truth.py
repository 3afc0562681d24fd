"""What an image really holds: one JSON file beside it."""

import json
from dataclasses import asdict

from content import words


class Truth:
    """Everything that was placed on one image, in order of place."""

    def __init__(self, image, seed, form="raw"):
        self.record = {
            "image": image, "form": form, "seed": seed, "bytes": 0,
            "words": words.OWN, "partitions": [], "files": [], "marks": [], "known": [], "notes": [],
        }

    def file(self, sample, state, pieces, **facts):
        """`pieces` are its places on the image: start and bytes; of a truncated one what is left."""
        entry = asdict(sample) if not isinstance(sample, dict) else dict(sample)
        entry |= {"state": state, "pieces": [list(piece) for piece in pieces]} | facts
        self.record["files"].append(entry)
        return entry

    def bait(self, kind, start, length, header):
        place = {"kind": kind, "state": "bait", "pieces": [[start, length]], "header": header}
        self.record["files"].append(place)

    def mark(self, word, encoding, start):
        self.record["marks"].append(
            {"word": word, "encoding": encoding, "through": "medium", "start": start})

    def partition(self, **facts):
        self.record["partitions"].append(facts)

    def check(self, path, samples):
        """That every byte is where it is said to be: a wrong truth would blame the tools."""
        with path.open("rb") as image:
            for entry in self.record["files"]:
                if entry["state"] == "bait" or not entry["pieces"]:
                    continue
                content = b""
                for start, size in entry["pieces"]:
                    image.seek(start)
                    content += image.read(size)
                whole = (samples / entry["name"]).read_bytes()
                expected = whole[:len(content)] if entry["state"] == "truncated" else whole
                if content != expected:
                    raise AssertionError(f"{path.name}: {entry['name']} is not in {entry['pieces']}")

    def write(self, path, size):
        self.record["bytes"] = size
        self.record["files"].sort(key=lambda entry: (entry["pieces"] or [[-1, 0]])[0][0])
        path.write_text(json.dumps(self.record, ensure_ascii=False, indent=1))
