"""Print jobs with text in them: PCL 5, PCL XL, and both, PDF and PostScript in the wrapping of PJL."""

import struct

from content import words
from content.pages import Job

UEL = b"\x1b%-12345X"


def wrapped(job, language, body):
    lines = [
        "@PJL JOB NAME = \"%s\"" % job.title, f'@PJL SET USERNAME="{job.user}"', f'@PJL SET JOBNAME="{job.title}"',
        "@PJL COMMENT office desk", "@PJL SET COPIES=1", "@PJL SET RESOLUTION=600", f"@PJL ENTER LANGUAGE={language}",
    ]
    head = UEL + "".join(f"{line}\r\n" for line in lines).encode()
    return head + body + UEL + f'@PJL EOJ NAME = "{job.title}"\r\n'.encode() + UEL


def facts(job):
    return {"title": job.title, "user": job.user, "pages": len(job.pages), "synthetic": True}


def pcl_text(shop, job, han):
    """Pages of text by cursor moves and printable bytes; Chinese as parsed by two bytes each."""
    out = bytearray(b"\x1bE\x1b&l26A\x1b&l0O\x1b(10U\x1b(s0p10h12v0s0b3T")
    for number in range(len(job.pages)):
        out += f"\x1b*p300x300Y{job.title}\r\n{' '.join(job.marks)}\r\n".encode()
        if han:
            out += b"\x1b&t31P" + han.encode("gbk") + b"\r\n\x1b&t0P"
        for row in range(45):
            out += f"\x1b&a{4 + row}R\x1b&a8C{words.sentence(shop.random, 11)[:84]}\r\n".encode()
        # A small picture of stripes.
        out += b"\x1b*t300R\x1b*r1A"
        for row in range(40):
            out += b"\x1b*b24W" + bytes([0xF0 if row % 4 else 0xFF] * 24)
        out += b"\x1b*rB\f"
    return bytes(out + b"\x1bE")


def pcl(shop, turn):
    job = Job(shop.random, 1 + turn)
    han = words.CHINESE[turn % 3] if turn % 2 else ""
    body = pcl_text(shop, job, han)
    planted = [*job.marks, *([han] if han else [])]
    shop.keep(f"bare-{turn}.pcl", "pcl5", body, "by hand", planted, **facts(job))
    job = Job(shop.random, 2)
    shop.keep(f"wrapped-{turn}.prn", "pjl", wrapped(job, "PCL", pcl_text(shop, job, "")), "by hand", job.marks, **facts(job))


class Xl:
    """Writes a stream of PCL XL in little-endian binary."""

    def __init__(self):
        self.out = bytearray(b") HP-PCL XL;2;0;Comment office desk\n")

    def ubyte(self, value, attribute):
        self.out += bytes([0xC0, value, 0xF8, attribute])

    def uint16(self, value, attribute):
        self.out += struct.pack("<BHBB", 0xC1, value, 0xF8, attribute)

    def pair(self, code, kind, x, y, attribute):
        self.out += struct.pack(f"<B2{kind}BB", code, x, y, 0xF8, attribute)

    def text(self, value, attribute, wide=False):
        if wide:
            coded, code, count = value.encode("utf-16le"), 0xC9, len(value)
        else:
            coded, code, count = value.encode("latin-1"), 0xC8, len(value)
        self.out += bytes([code, 0xC1]) + struct.pack("<H", count) + coded + bytes([0xF8, attribute])

    def do(self, operator):
        self.out.append(operator)


def xl_text(shop, job, han):
    xl = Xl()
    xl.pair(0xD1, "H", 600, 600, 0x89)     # UnitsPerMeasure
    xl.ubyte(0, 0x86)                       # Measure: inch
    xl.ubyte(3, 0x8F)                       # ErrorReport
    xl.do(0x41)                             # BeginSession
    xl.ubyte(0, 0x88), xl.ubyte(1, 0x82), xl.do(0x48)    # OpenDataSource
    for _ in job.pages:
        xl.ubyte(0, 0x28), xl.ubyte(2, 0x25), xl.ubyte(1, 0x26), xl.do(0x43)    # BeginPage
        xl.pair(0xD3, "h", 0, 0, 0x2A), xl.do(0x75)      # PageOrigin, SetPageOrigin
        xl.ubyte(1, 0x03), xl.do(0x6A)                   # ColorSpace gray, SetColorSpace
        xl.ubyte(0, 0x09), xl.do(0x63)                   # GrayLevel, SetBrushSource
        xl.text("Courier         ", 0xA8)                # FontName
        xl.out += struct.pack("<BfBB", 0xC5, 50.0, 0xF8, 0xA7)
        xl.uint16(629, 0xAA), xl.do(0x6F)                # SymbolSet, SetFont
        rows = [job.title, " ".join(job.marks)] + [words.sentence(shop.random, 11)[:84] for _ in range(45)]
        for number, row in enumerate(rows):
            xl.pair(0xD3, "h", 300, 300 + number * 100, 0x4C), xl.do(0x6B)    # Point, SetCursor
            xl.text(row, 0xAB), xl.do(0xA8)              # TextData, Text
        if han:
            xl.pair(0xD3, "h", 300, 5200, 0x4C), xl.do(0x6B)
            xl.text(han, 0xAB, wide=True), xl.do(0xA8)
        xl.uint16(1, 0x31), xl.do(0x44)                  # PageCopies, EndPage
    xl.do(0x49), xl.do(0x42)                             # CloseDataSource, EndSession
    return bytes(xl.out)


def pcl_xl(shop, turn):
    job = Job(shop.random, 1 + turn)
    han = words.CHINESE[turn % 3] if turn % 2 else ""
    planted = [*job.marks, *([han] if han else [])]
    body = xl_text(shop, job, han)
    shop.keep(f"bare-{turn}.pxl", "pcl-xl", body, "by hand", planted, **facts(job))
    job = Job(shop.random, 2)
    shop.keep(f"wrapped-{turn}.pxl", "pjl", wrapped(job, "PCLXL", xl_text(shop, job, "")), "by hand", job.marks, **facts(job))


def carried(shop, turn):
    """What a driver for PostScript or for PDF sends: the document, wrapped."""
    from samples.drivers import pdf

    job = Job(shop.random, 2, ["text", "drawing"][turn % 2])
    shop.keep(f"carried-{turn}.pdf.prn", "pjl", wrapped(job, "PDF", pdf(shop, job).read_bytes()), "by hand after Ghostscript",
              job.marks, **facts(job))
    job = Job(shop.random, 2)
    shop.keep(f"carried-{turn}.ps.prn", "pjl", wrapped(job, "POSTSCRIPT", job.postscript()), "by hand", job.marks, **facts(job))
    job = Job(shop.random, 2)
    shop.keep(f"bare-{turn}.ps", "postscript", job.postscript(), "by hand", job.marks, **facts(job))


MAKERS = (pcl, pcl_xl, carried)
