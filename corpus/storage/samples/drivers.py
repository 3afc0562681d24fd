"""Real printer drivers of Debian, each run by CUPS's own chain of filters for the printer's PPD."""

from pathlib import Path

from content.pages import Job

DRV, DRIVERS = Path("/usr/share/cups/drv"), Path("/usr/lib/cups/driver")

# Name, kind, where its PPD is from, the PPD, and how many at full scale.
PRINTERS = [
    ("cups-deskjet", "pcl5", "sample.drv", "deskjet.ppd", 3),
    ("cups-laserjet", "pcl5", "sample.drv", "laserjet.ppd", 3),
    ("cups-generic", "pcl5", "sample.drv", "generpcl.ppd", 2),
    ("cups-epson24", "escp", "sample.drv", "epson24.ppd", 3),
    ("cups-epson9", "escp", "sample.drv", "epson9.ppd", 3),
    ("cups-zebra", "zpl", "sample.drv", "zebra.ppd", 4),
    ("designjet", "pjl", "cupsfilters.drv", "dsgnjt600pcl.ppd", 2),
    ("pwg", "pwg-raster", "cupsfilters.drv", "pwgrast.ppd", 3),
    ("splix-clp300", "pjl", "splix-samsung.drv", "clp300.ppd", 2),
    ("splix-ml2010", "pjl", "splix-samsung.drv", "ml2010.ppd", 2),
    ("brlaser", "pjl", "brlaser.drv", "br1110.ppd", 3),
    ("hpcups-deskjet", "pcl5", "hpcups.drv", "hp-deskjet_5550.ppd", 2),
    ("hpcups-laserjet", "pjl", "hpcups.drv", "hp-laserjet_3390-pcl3.ppd", 2),
    ("hpcups-officejet", "pjl", "hpcups.drv", "hp-officejet_pro_8000_a809.ppd", 2),
    ("foo2zjs-1020", "pjl", "foo2zjs", "HP-LaserJet_1020", 2),
    ("foo2zjs-p1005", "pjl", "foo2zjs", "HP-LaserJet_P1005", 2),
    ("foo2qpdl", "pjl", "foo2zjs", "Samsung-CLP-300", 2),
    ("foo2hiperc", "pjl", "foo2zjs", "Oki-C110", 1),
    ("gutenprint-c80", "escp", "gutenprint.5.3", "escp2-c80/expert", 2),
    ("gutenprint-pcl", "pcl5", "gutenprint.5.3", "hp-lj_4_plus", 3),
    ("pxljr", "pjl", "pxljr", "HP-Color_LaserJet_3500", 2),
    ("pxlmono", "pcl-xl", "foomatic-db-compressed-ppds", "Generic-PCL_6_PCL_XL_Printer-pxlmono", 5),
    ("ljet4", "pjl", "foomatic-db-compressed-ppds", "HP-LaserJet_4-ljet4", 3),
    ("cljet5", "pcl5", "foomatic-db-compressed-ppds", "Generic-PCL_5c_Printer-cljet5", 2),
    ("eplaser", "pjl", "foomatic-db-compressed-ppds", "Epson-AL-C1900-eplaser", 1),
    ("brother-ps", "pjl", "foomatic-db-compressed-ppds", "Brother-HL-5050-Postscript", 4),
    ("hp-ps", "postscript", "foomatic-db-compressed-ppds", "HP-LaserJet_9050-Postscript", 3),
]


def make(shop, scale):
    shop.tool("cupsfilter"), shop.tool("gs")
    looks = ["text", "drawing", "photo", "table"]
    for name, kind, source, ppd, count in PRINTERS:
        path = shop.attempt(printer, source, ppd)
        for turn in range(max(1, round(count * scale)) if path else 0):
            job = Job(shop.random, 1 + shop.random.randrange(2), looks[turn % len(looks)])
            shop.attempt(printed, f"{name}-{turn}", kind, source, path, job)
    for turn in range(max(1, round(4 * scale))):
        shop.attempt(typed, turn)
        shop.attempt(rastered, turn)


def printer(shop, source, name):
    """The printer's PPD, as the driver's package brings it."""
    from samples.workshop import Missing

    if source.endswith(".drv"):
        folder = shop.folder / source
        if not folder.exists():
            if not (DRV / source).exists():
                raise Missing(source)
            shop.run("ppdc", "-d", folder, DRV / source)
        return folder / name
    if not (DRIVERS / source).exists():
        raise Missing(source)
    listed = shop.run(DRIVERS / source, "list").decode().splitlines()
    uri = next(line.split('"')[1] for line in listed if name in line)
    path = shop.folder / f"{source}-{name.replace('/', '-')}.ppd"
    path.write_bytes(shop.run(DRIVERS / source, "cat", uri))
    return path


def pdf(shop, job):
    path = shop.folder / "job.pdf"
    shop.run("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", f"-sOutputFile={path}", "-",
             input=job.postscript())
    return path


def filtered(shop, job, source, *options):
    words = ["-e", "-U", job.user, "-t", job.title, *options, source]
    return shop.run("cupsfilter", *words)


def printed(shop, name, kind, source, ppd, job):
    out = filtered(shop, job, pdf(shop, job), "-p", ppd, "-m", "printer/office")
    facts = {"title": job.title, "user": job.user, "pages": len(job.pages)}
    shop.keep(name, kind, out, f"{source} {ppd.stem}", job.marks, **facts)


def typed(shop, turn):
    """Text through cups-filters' texttopdf, and on to PostScript."""
    from content import words

    job, text = Job(shop.random, 1), shop.folder / "note.txt"
    text.write_text(" ".join(job.marks) + "\n" + words.paragraph(shop.random, 20))
    out = filtered(shop, job, text, "-i", "text/plain", "-m", "application/pdf")
    shop.keep(f"texttopdf-{turn}", "pdf", out, "cups-filters texttopdf", job.marks)
    out = shop.run("pdftops", pdf(shop, job), "-")
    shop.keep(f"pdftops-{turn}", "postscript", out, "poppler pdftops", job.marks)


def rastered(shop, turn):
    """CUPS raster as the filters hand it on, and after the other two versions of the format."""
    job, ppd = Job(shop.random, 1, ["text", "photo"][turn % 2]), printer(shop, "sample.drv", "laserjet.ppd")
    out = filtered(shop, job, pdf(shop, job), "-p", ppd, "-m", "application/vnd.cups-raster")
    shop.keep(f"raster-{turn}", "cups-raster", out, "cups-filters gstoraster", pages=1)
    if out[:4] == b"3SaR":
        old = b"tSaR" + out[4:424] + out[1800:]
        shop.keep(f"raster-v1-{turn}", "cups-raster", old, "by hand after gstoraster", synthetic=True, pages=1)
        shop.keep(f"raster-v2-{turn}", "cups-raster", packed(out), "by hand after gstoraster", synthetic=True, pages=1)


def packed(raster):
    """One page in version 2: the same header, rows packed by runs of single pixels."""
    header = raster[4:1800]
    width_bytes = int.from_bytes(header[392:396], "little")
    height = int.from_bytes(header[376:380], "little")
    unit = max(1, (int.from_bytes(header[388:392], "little") + 7) // 8)
    rows = [raster[1800 + y * width_bytes:1800 + (y + 1) * width_bytes] for y in range(height)]
    out, y = [b"2SaR", header], 0
    while y < height:
        same = 1
        while y + same < height and same < 256 and rows[y + same] == rows[y]:
            same += 1
        out += [bytes([same - 1]), packed_row(rows[y], unit)]
        y += same
    return b"".join(out)


def packed_row(row, unit):
    pixels = [row[at:at + unit] for at in range(0, len(row), unit)]
    out, at = bytearray(), 0
    while at < len(pixels):
        run = 1
        while at + run < len(pixels) and run < 128 and pixels[at + run] == pixels[at]:
            run += 1
        if run > 1 or at + 1 == len(pixels):
            out += bytes([run - 1]) + pixels[at]
        else:
            while at + run < len(pixels) and run < 128 and pixels[at + run] != pixels[at + run - 1]:
                run += 1
            out += bytes([257 - run] if run > 1 else [0]) + b"".join(pixels[at:at + run])
        at += run
    return bytes(out)
