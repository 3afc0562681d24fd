"""Which planted marks a file really holds, found without leaksweep: only what stands there is asked for."""

import io
import re
import subprocess
import zipfile
import zlib

from content import words

ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "gbk", "big5"]
EVERY = [word for word, _, _ in words.MARKS] + words.OWN


def inside(kind, content, planted):
    found = {(word, code, "medium") for word, code in clear(content, planted)}
    if content.startswith(b"PK\3\4"):
        found |= {(word, code, "zip") for member in members(content) for word, code in clear(member, planted)}
    if kind in ("pdf", "pjl") and b"%PDF-" in content:
        for stream in flate_streams(content):
            found |= {(word, code, "flate") for word, code in clear(stream, planted)}
    if kind == "gzip":
        found |= {(word, code, "flate") for word, code in clear(zlib.decompress(content, 31), planted)}
    if kind == "pdf":
        seen = {word for word, code, _ in found if code == "utf-8"}
        found |= {(word, "utf-8", "pdf") for word in shown(content) if word in planted and word not in seen}
    return [{"word": word, "encoding": code, "through": way} for word, code, way in sorted(found)]


def clear(content, planted):
    for word in planted:
        for code in ENCODINGS:
            try:
                bytes_of = word.encode(code)
            except UnicodeEncodeError:
                continue
            if code != "utf-8" and bytes_of == word.encode():
                continue
            if bytes_of in content and (not word.isascii() or code == "utf-8" or even(bytes_of, content)):
                yield word, code


def even(bytes_of, content):
    """Of ASCII alone both orders of UTF-16 are seen in either; files have it at even places."""
    at = content.find(bytes_of)
    while at >= 0 and at % 2:
        at = content.find(bytes_of, at + 1)
    return at >= 0


def members(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as whole:
            return [whole.read(entry) for entry in whole.infolist() if entry.file_size < 1 << 24]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
        return []


def flate_streams(content):
    for start in re.finditer(rb"stream\r?\n", content):
        try:
            yield zlib.decompressobj().decompress(content[start.end():], 1 << 24)
        except zlib.error:
            continue


def shown(content):
    """The words that poppler reads on the pages: through filters and fonts' own codes."""
    try:
        done = subprocess.run(["pdftotext", "-q", "-", "-"], input=content, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return []
    text = done.stdout.decode("utf-8", "replace")
    return [word for word in EVERY if word in text]
