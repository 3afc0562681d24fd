"""What a Windows print server keeps: the spooled pages (EMF) and the shadow file beside them."""

import struct

from content import words


def metafile(random, marks):
    """A page in EMF: a header, lines, text in UTF-16, and its end."""
    records = []

    def record(kind, body):
        body += b"\0" * (-len(body) % 4)
        records.append(struct.pack("<II", kind, 8 + len(body)) + body)

    for _ in range(60):
        x, y = random.randrange(4000), random.randrange(6000)
        record(27, struct.pack("<ii", x, y))                       # MOVETOEX
        record(54, struct.pack("<ii", x + random.randrange(900), y))   # LINETO
    for row, line in enumerate([" ".join(marks)] + [words.sentence(random, 9) for _ in range(30)]):
        coded = line.encode("utf-16le")
        fixed = 8 + 16 + 4 + 8 + 40
        text = struct.pack("<iiIIIiiiiI", 200, 200 + row * 90, len(line), fixed, 0, 0, 0, -1, -1, 0)
        record(84, struct.pack("<iiiiIff", 0, 0, 4000, 6000, 1, 1.0, 1.0) + text + coded)   # EXTTEXTOUTW
    record(14, struct.pack("<III", 0, 16, 20))                     # EOF
    size = 108 + sum(map(len, records))
    head = struct.pack("<II4i4iIIIIHHIIIiiii", 1, 108, 0, 0, 4000, 6000, 0, 0, 21000, 29700, 0x464D4520, 0x10000, size,
                       len(records) + 1, 1, 0, 0, 0, 0, 4000, 6000, 210, 297)
    return head + struct.pack("<IIIii", 0, 0, 0, 210000, 297000)[:108 - len(head)] + b"".join(records)


def spooled(shop, turn):
    random, title = shop.random, f"Plan {shop.random.randrange(9999)}"
    marks = [random.choice(words.CHINESE[:3]), random.choice(words.PLAIN), words.OWN[2]]
    names = [f"Microsoft Word - {title}.docx".encode("utf-16le") + b"\0\0", "LPT1:".encode("utf-16le") + b"\0\0"]
    size = 16 + sum(map(len, names))
    size += -size % 4
    out = struct.pack("<IIII", 0x00010000, size, 16, 16 + len(names[0])) + b"".join(names)
    out = out.ljust(size, b"\0")
    for _ in range(1 + turn):
        page = metafile(random, marks)
        at = len(out)
        out += struct.pack("<II", 12, len(page)) + page            # EMRI_METAFILE_DATA
        out += struct.pack("<IIQ", 13, 8, len(out) - at)           # EMRI_METAFILE_EXT
    shop.keep(f"FP{turn:05}.SPL", "emf-spool", out, "by hand", marks, title=title, pages=1 + turn, synthetic=True)
    shadow(shop, turn, title)


def shadow(shop, turn, title):
    """As Windows 2000 and XP wrote it."""
    random = shop.random
    person, host = words.user(random.choice(words.NAMES)), random.choice(words.HOSTS)
    texts = [person, person, f"Microsoft Word - {title}.docx", "IP_10.0.0.7", "Office Laser", "HP LaserJet 4", "winprint",
             "NT EMF 1.008", f"\\\\{host}"]
    fixed, at, coded, offsets = 120, 120, b"", []
    for text in texts:
        offsets.append(at)
        piece = text.encode("utf-16le") + b"\0\0"
        coded, at = coded + piece, at + len(piece)
    user, notify, document, port, printer, driver, processor, data, machine = offsets
    head = struct.pack("<IIHHII", 0x4967, fixed, 0, 0, 7 + turn, 1)
    head += struct.pack("<IIIIIIIII", user, notify, document, port, printer, driver, 0, processor, data)
    head += struct.pack("<I8H", 0, 2026, 3, 3, 4, 5, 6, 8, 0)
    head += struct.pack("<IIIII", 0, 0, 40_000, 1 + turn, 0)
    head = head.ljust(112, b"\0") + struct.pack("<II", machine, 7940)
    shop.keep(f"FP{turn:05}.SHD", "shd", head + coded, "by hand", title=title, user=person, host=host, synthetic=True, ends=False)


MAKERS = (spooled,)
