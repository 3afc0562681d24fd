"""JBIG2: pages coded as faxes are, from Ghostscript's Group 4, and with the arithmetic coder."""

import struct

from content.pages import Job

SIGNATURE = b"\x97JB2\r\n\x1a\n"
# The estimation states of the arithmetic coder: Qe, next if the more, next if the less probable, whether it switches.
STATES = [
    (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0), (0x4801, 18, 16, 0),
    (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0),
    (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0),
    (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0),
]


class Coder:
    """The MQ coder, writing."""

    def __init__(self):
        self.c, self.a, self.ct, self.out = 0, 0x8000, 12, bytearray(b"\0")
        self.index, self.more = [0] * 65536, [0] * 65536

    def put(self, context, bit):
        qe, up, down, switch = STATES[self.index[context]]
        self.a -= qe
        if bit == self.more[context]:
            if self.a & 0x8000:
                self.c += qe
                return
            if self.a < qe:
                self.a = qe
            else:
                self.c += qe
            self.index[context] = up
        else:
            if self.a < qe:
                self.c += qe
            else:
                self.a = qe
            if switch:
                self.more[context] ^= 1
            self.index[context] = down
        while not self.a & 0x8000:
            self.a <<= 1
            self.c <<= 1
            self.ct -= 1
            if self.ct == 0:
                self.byte()

    def byte(self):
        if self.out[-1] != 0xFF and self.c >= 0x8000000:
            self.out[-1] += 1
            self.c &= 0x7FFFFFF
        if self.out[-1] == 0xFF:
            self.out.append(self.c >> 20 & 0xFF)
            self.c, self.ct = self.c & 0xFFFFF, 7
        else:
            self.out.append(self.c >> 19 & 0xFF)
            self.c, self.ct = self.c & 0x7FFFF, 8

    def end(self):
        high = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= high:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.ct
            self.byte()
        if self.out[-1] != 0xFF:
            self.out.append(0xFF)
        self.out.append(0xAC)
        return bytes(self.out[1:])


def generic(rows, width):
    """A region by template 0 with its usual four adaptive pixels."""
    coder = Coder()
    above2, above1 = [0] * (width + 8), [0] * (width + 8)
    for row in rows:
        line = [0] * 4 + row + [0] * 4
        for x in range(width):
            at = x + 4
            context = (
                above2[at - 1] << 14 | above2[at] << 13 | above2[at + 1] << 12
                | above1[at - 2] << 9 | above1[at - 1] << 8 | above1[at] << 7 | above1[at + 1] << 6 | above1[at + 2] << 5
                | line[at - 4] << 3 | line[at - 3] << 2 | line[at - 2] << 1 | line[at - 1]
                | above2[at - 2] << 15 | above2[at + 2] << 11 | above1[at - 3] << 10 | above1[at + 3] << 4
            )
            coder.put(context, line[at])
        above2, above1 = above1, line
    return coder.end()


def segment(number, kind, page, data):
    return struct.pack(">IBBBI", number, kind, 0, page, len(data)) + data


def file(pages):
    """Pages of width, height, flags of the region, and its coded bytes; in sequence."""
    out, number = SIGNATURE + struct.pack(">BI", 1, len(pages)), 0
    for page, (width, height, flags, coded) in enumerate(pages, 1):
        adaptive = b"" if flags & 1 else struct.pack("8b", 3, -1, -3, -1, 2, -2, -2, -2)
        region = struct.pack(">IIIIBB", width, height, 0, 0, 0, flags) + adaptive + coded
        for kind, data in [(48, struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)), (38, region), (49, b"")]:
            out += segment(number, kind, page, data)
            number += 1
    return out + segment(number, 51, 0, b"")


def rendered(shop, job, device, dpi):
    out = shop.folder / "page"
    words = ["-q", "-dBATCH", "-dNOPAUSE", "-sPAPERSIZE=a5", "-dMaxStripSize=0", f"-sDEVICE={device}", f"-r{dpi}"]
    shop.run("gs", *words, f"-sOutputFile={out}", "-", input=job.postscript())
    return out.read_bytes()


def fax(shop, turn):
    pages = []
    for _ in range(1 + turn):
        tiff = rendered(shop, Job(shop.random, 1), "tiffg4", 200)
        first, = struct.unpack_from("<I", tiff, 4)
        count, = struct.unpack_from("<H", tiff, first)
        tags = {}
        for entry in range(count):
            tag, kind, _, long = struct.unpack_from("<HHII", tiff, first + 2 + 12 * entry)
            tags[tag] = long & 0xFFFF if kind == 3 else long
        coded = tiff[tags[273]:tags[273] + tags[279]]
        pages.append((tags[256], tags[257], 1, coded))
    shop.keep(f"fax-{turn}.jb2", "jbig2", file(pages), "by hand after Ghostscript", synthetic=True, pages=len(pages))


def arithmetic(shop, turn):
    if turn > 1:
        return
    pbm = rendered(shop, Job(shop.random, 1, ["text", "table"][turn % 2]), "pbmraw", 50)
    # The size stands in the last line before the bits.
    head = pbm.split(b"\n", 3)
    lines = [line for line in head[:3] if not line.startswith(b"#")]
    width, height = map(int, lines[1].split())
    stride = (width + 7) // 8
    bits = pbm[-stride * height:]
    rows = [[bits[y * stride + x // 8] >> (7 - x % 8) & 1 for x in range(width)] for y in range(height)]
    shop.keep(f"arithmetic-{turn}.jb2", "jbig2", file([(width, height, 0, generic(rows, width))]),
              "by hand after Ghostscript", synthetic=True, pages=1)


MAKERS = (fax, arithmetic)
