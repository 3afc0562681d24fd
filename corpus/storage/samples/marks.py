"""Which planted marks a file really holds, found without leaksweep: only what stands there is asked for."""

import io
import re
import zipfile
import zlib

ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "gbk", "big5"]
# Files whose bytes in the clear are themselves in a language with strings.
STRINGS = {"pcl-xl": "pcl-xl", "pcl5": "pcl", "postscript": "postscript"}


def inside(kind, content, planted):
    found = {(word, code, "medium") for word, code in clear(content, planted)}
    if content.startswith(b"PK\3\4"):
        found |= {(word, code, "zip") for member in members(content) for word, code in clear(member, planted)}
    if kind == "pdf":
        for stream in flate_streams(content):
            found |= {(word, code, "flate") for word, code in clear(stream, planted)}
    if kind == "gzip":
        found |= {(word, code, "flate") for word, code in clear(zlib.decompress(content, 31), planted)}
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
            if bytes_of in content:
                yield word, code


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
