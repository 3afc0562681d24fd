"""Documents that somebody knows, for `--known`: some are on the medium whole, of some a piece, of some nothing."""

import shutil

BLOCK = 4096
# Forms of which every block is unlike every other.
DENSE = {"docx", "xlsx", "pptx", "odt", "odp", "ods", "jpeg", "png", "zip", "pdf"}


def plant(studio, area, placed):
    """Writes the folder `known`, and puts pieces of documents that are not on this medium at its end."""
    folder = studio.folder / "known"
    folder.mkdir(exist_ok=True)
    names = {sample.name for sample in placed}
    dense = [sample for sample in studio.all if sample.kind in DENSE and sample.bytes > 6 * BLOCK]
    whole = [entry for entry in area.truth.record["files"] if entry["state"] == "whole" and entry["kind"] in DENSE][:4]
    away = [sample for sample in dense if sample.name not in names][:6]
    for entry in whole:
        shutil.copyfile(studio.samples / entry["name"], folder / entry["name"])
        tell(area.truth, entry["name"], entry["bytes"], True, entry["pieces"][0][0])
    for number, sample in enumerate(away):
        content = area.content(sample)
        (folder / sample.name).write_bytes(content)
        start = None
        if number < 3:
            area.align(BLOCK)
            start, first, count = area.at, 2, min(16, len(content) // BLOCK - 3)
            area.put(start, content[first * BLOCK:(first + count) * BLOCK])
            area.put(area.at, bytes(BLOCK * 3))
            tell(area.truth, sample.name, sample.bytes, False, start, unlike(content, first, count))
        else:
            tell(area.truth, sample.name, sample.bytes, False, None, 0)


def unlike(content, first, count):
    """How many of the blocks occur once in the document."""
    blocks = [content[at:at + BLOCK] for at in range(0, len(content) - BLOCK + 1, BLOCK)]
    return sum(blocks.count(block) == 1 for block in blocks[first:first + count])


def tell(truth, document, size, whole, start, blocks=None):
    truth.record["known"].append({"document": document, "bytes": size, "whole": whole, "start": start,
                                  "blocks": blocks, "of_blocks": size // BLOCK})
