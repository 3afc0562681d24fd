"""leaksweep's own tables: states, ways, marks, known documents, and what it says of the medium."""

import json
from bisect import bisect_left

from scoring.truth import Score, Truth

# Of a file that is cut, as many bytes more may be taken for its own: the padding of a sector.
TOLERANCE = 512


def score(truth_path, rows_path):
    truth, tables = Truth(truth_path), json.loads(rows_path.read_text())
    result = Score(truth_path.stem)
    artifacts = tables.get("storage_artifacts", [])
    by_digest = {row["sha256"]: row for row in artifacts if row.get("sha256")}
    files(truth, result, by_digest, artifacts)
    cut_files(truth, result, artifacts)
    strays(truth, result, artifacts)
    marks(truth, result, artifacts, tables.get("storage_marks", []))
    known(truth, result, tables.get("storage_known_documents"))
    medium(truth, result, tables)
    return result


def shape(row):
    return f"{row['kind']} {row['state']} {row['bytes']} bytes at {row['start']} by {row['ways']}"


def files(truth, result, by_digest, artifacts):
    starts = {}
    for row in artifacts:
        starts.setdefault(row["start"], []).append(row)
    for entry in truth.recoverable():
        row = by_digest.get(entry["sha256"])
        reached = row is not None and row["state"] == "whole"
        result.count(entry["state"], entry["kind"], reached)
        if not reached:
            place = entry["pieces"][0][0] if entry["pieces"] else None
            instead = "; ".join(map(shape, starts.get(place, []))) if place is not None else ""
            size = f"{entry['bytes']} bytes in {entry['pieces']}"
            result.missed.append(f"{entry['state']} {entry['name']} ({size}): {instead or 'nothing'}")


def cut_files(truth, result, artifacts):
    """A cut file is reported where a find begins at its first byte, does not pass for whole, and takes nothing of the next."""
    places = sorted((row["start"], number) for number, row in enumerate(artifacts) if row["start"] is not None)
    for entry in truth.truncated():
        start, left = entry["pieces"][0]
        own = []
        for place, number in places[bisect_left(places, (start, -1)):]:
            if place >= start + left:
                break
            own.append(artifacts[number])
        first = [row for row in own if row["start"] == start]
        reported = [row for row in first if row["state"] != "whole"]
        greedy = [row for row in first if row["pieces"] == 1 and row["bytes"] > left + TOLERANCE]
        result.count("truncated", entry["kind"], reported and not greedy)
        if greedy:
            result.wrong.append(f"swallows: {entry['name']} has {left} bytes at {start}: {shape(greedy[0])}")
        elif not reported:
            instead = "; ".join(map(shape, first or own[:2]))
            result.missed.append(f"truncated {entry['name']} ({left} of {entry['bytes']} bytes at {start}): {instead or 'nothing'}")


def strays(truth, result, artifacts):
    """Finds that are no known file: at baits, inside known files, and in what lies between."""
    for row in artifacts:
        if row["start"] is None or row.get("sha256") in truth.digests or row["state"] == "name only":
            continue
        entry, offset = truth.at(row["start"])
        if entry is None:
            place = result.elsewhere
        elif entry["state"] == "bait":
            place = result.false
        elif offset == 0 and entry["state"] in ("whole", "deleted", "fragmented", "deleted-fragmented"):
            place = result.wrong
        else:
            place = result.inside
        name = f" (bait of {entry['kind']}, {entry['header']} bytes real)" if entry and entry["state"] == "bait" else ""
        place.append(shape(row) + name)


def marks(truth, result, artifacts, rows):
    where = {row["number"]: row for row in artifacts}
    at_places, in_files, places = set(), {}, []
    for row in rows:
        word = row["word"].casefold()
        if row["start"] is not None:
            at_places.add((word, row["start"]))
            places.append((word, row["encoding"], row["start"]))
        if row["artifact"] in where:
            find = where[row["artifact"]]
            in_files.setdefault(find.get("sha256"), set()).add((word, row["encoding"]))
            in_files.setdefault(find["start"], set()).add((word, row["encoding"]))

    def tally(key, reached, name):
        cell = result.marks.setdefault(key, [0, 0])
        cell[0] += bool(reached)
        cell[1] += 1
        if not reached:
            result.missed.append(name)

    for mark in truth.record["marks"]:
        # Between zeros UTF-16 of ASCII reads in both orders, one byte apart.
        shifts = (0, 1, -1) if mark["word"].isascii() and mark["encoding"].startswith("utf-16") else (0,)
        reached = any((mark["word"].casefold(), mark["start"] + shift) in at_places for shift in shifts)
        tally(("bare", mark["encoding"]), reached, f"mark {mark['word']} in {mark['encoding']} at {mark['start']}")
    for entry in truth.recoverable():
        start = entry["pieces"][0][0] if entry["pieces"] else None
        seen = in_files.get(entry["sha256"], set()) | (in_files.get(start, set()) if start is not None else set())
        for mark in entry["marks"]:
            codes = {mark["encoding"]} | ({"utf-16le", "utf-16be"} if mark["encoding"].startswith("utf-16") else set())
            word = mark["word"].casefold()
            reached = any((word, code) in seen for code in codes)
            if not reached and mark["through"] == "medium":
                # Of a file in pieces that nobody could join, it is told where it stands.
                reached = any(found == word and code in codes and within(entry, at) for found, code, at in places)
            name = f"mark {mark['word']} in {mark['encoding']} through {mark['through']} in {entry['state']} {entry['name']}"
            tally((mark["through"], mark["encoding"]), reached, name)


def within(entry, place):
    return any(start <= place < start + count for start, count in entry["pieces"])


def known(truth, result, rows):
    if rows is None:
        return
    told = {row["document"]: row for row in rows}
    for document in truth.record["known"]:
        row = told.get(document["document"])
        if document["whole"]:
            right = row is not None and row["whole"] and row["start"] == document["start"]
        elif document["start"] is None:
            right = row is None
        else:
            right = row is not None and not row["whole"] and row["blocks"] >= document["blocks"]
        result.facts.append((f"known document {document['document']}", right, f"{document} against {row}"))


def medium(truth, result, tables):
    record, rows = truth.record, tables.get("storage_media", [{}])
    row = rows[0] if rows else {}
    result.facts.append(("form", row.get("form") == record["form"], f"{row.get('form')}, not {record['form']}"))
    result.facts.append(("bytes", row.get("bytes") == record["bytes"], f"{row.get('bytes')}, not {record['bytes']}"))
    wiped = record.get("wiped")
    result.facts.append(("wiped", row.get("wiped") == wiped, f"{row.get('wiped')}, not {wiped}"))
    told = {row["start"]: row for row in tables.get("storage_partitions", [])}
    for part in record["partitions"]:
        row = told.get(part["start"], {})
        for name in ("file_system", "encryption"):
            right = row.get(name) == part.get(name)
            result.facts.append((f"{name} at {part['start']}", right, f"{row.get(name)}, not {part.get(name)}"))
