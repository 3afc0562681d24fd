"""The folder of any tool: what in it is exactly a known file, what is wrong, and what is not there at all."""

import hashlib
import mmap

from scoring.truth import Score, Truth

# Reports and audit files that tools write beside what they recover.
OWN = {"audit.txt", "report.xml", "photorec.ses", "photorec.log", "manifest.json", "manifest.dfxml", "log"}


def score(truth_path, folder):
    truth = Truth(truth_path)
    result = Score(truth_path.stem)
    digests, others = {}, []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name not in OWN:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest in truth.digests:
                digests[digest] = path
            elif path.stat().st_size:
                others.append(path)
    for entry in truth.recoverable():
        reached = entry["sha256"] in digests
        result.count(entry["state"], entry["kind"], reached)
        if not reached:
            result.missed.append(f"{entry['state']} {entry['name']}")
    cut = judge_others(truth, result, others)
    for entry in truth.truncated():
        result.count("truncated", entry["kind"], id(entry) in cut)
    return result


def judge_others(truth, result, others):
    """Where the beginning of each stands on the image says what it is."""
    cut = set()
    with truth.image.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as image:
        heads = {}
        for start, end, entry in truth.spans:
            heads.setdefault(image[start:start + 16], []).append((entry, start))
        for path in others:
            head = path.read_bytes()[:64]
            entry, begins = placed(truth, image, heads, head)
            place = result.elsewhere
            if entry is not None and entry["state"] == "bait":
                place = result.false
            elif entry is not None and begins:
                place = result.wrong
                if entry["state"] == "truncated":
                    cut.add(id(entry))
                    place = result.inside
            elif entry is not None:
                place = result.inside
            place.append(path.name)
    return cut


def placed(truth, image, heads, head):
    for entry, start in heads.get(head[:16], []):
        if image[start:start + len(head)] == head:
            return entry, True
    at = image.find(head)
    entry, _ = truth.at(at) if at >= 0 else (None, 0)
    return entry, False
