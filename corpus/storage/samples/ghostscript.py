"""Ghostscript: printer languages, rasters, scans and PDF."""

from content.pages import Job

# Name, kind, arguments, how many at full scale, and what the pages show.
DEVICES = [
    ("pxlmono", "pcl-xl", "-sDEVICE=pxlmono -r600", 8, "text table drawing photo"),
    ("pxlcolor", "pcl-xl", "-sDEVICE=pxlcolor -r300", 6, "drawing photo text"),
    ("ljet4", "pcl5", "-sDEVICE=ljet4 -r300", 5, "text photo table"),
    ("lj5gray", "pcl-xl", "-sDEVICE=lj5gray -r300", 2, "text photo"),
    ("cljet5", "pcl5", "-sDEVICE=cljet5pr -r300", 3, "drawing text"),
    ("hl1250", "pcl5", "-sDEVICE=hl1250 -r300", 2, "text table"),
    ("deskjet", "pcl5", "-sDEVICE=cdj550 -r300", 3, "drawing photo"),
    ("laserjet", "pcl5", "-sDEVICE=laserjet -r150", 2, "text table"),
    ("epson", "escp", "-sDEVICE=epson -r180", 3, "text table"),
    ("epsonc", "escp", "-sDEVICE=epsonc -r180", 2, "drawing"),
    ("stcolor", "escp", "-sDEVICE=stcolor -r180", 3, "photo drawing"),
    ("pwg-mono", "pwg-raster", "-sDEVICE=pwgraster -r300 -dcupsColorSpace=3 -dcupsBitsPerColor=1", 3, "text table"),
    ("pwg-gray", "pwg-raster", "-sDEVICE=pwgraster -r150 -dcupsColorSpace=18 -dcupsBitsPerColor=8", 3, "photo text"),
    ("pwg-rgb", "pwg-raster", "-sDEVICE=pwgraster -r150 -dcupsColorSpace=19 -dcupsBitsPerColor=8", 3, "drawing photo"),
    ("urf-gray", "urf", "-sDEVICE=urf -r150 -dcupsColorSpace=18 -dcupsBitsPerColor=8", 3, "text photo"),
    ("urf-rgb", "urf", "-sDEVICE=urf -r150 -dcupsColorSpace=19 -dcupsBitsPerColor=8", 3, "drawing photo"),
    ("apple", "urf", "-sDEVICE=appleraster -r150 -dcupsColorSpace=19 -dcupsBitsPerColor=8", 2, "drawing"),
    ("cups", "cups-raster", "-sDEVICE=cups -r150 -dcupsColorSpace=3 -dcupsBitsPerColor=1", 3, "text table"),
    ("cups-rgb", "cups-raster", "-sDEVICE=cups -r150 -dcupsColorSpace=1 -dcupsBitsPerColor=8", 3, "drawing photo"),
    ("ps2write", "postscript", "-sDEVICE=ps2write", 5, "text drawing photo"),
    ("eps2write", "postscript", "-sDEVICE=eps2write", 2, "drawing text"),
    ("pdf", "pdf", "-sDEVICE=pdfwrite", 8, "text table drawing photo"),
    ("pdf-open", "pdf", "-sDEVICE=pdfwrite -dCompressPages=false -dCompressFonts=false", 3, "text table"),
    ("pdf-a85", "pdf", "-sDEVICE=pdfwrite -dASCII85EncodePages=true", 3, "text drawing"),
    ("pclm", "pdf", "-sDEVICE=pclm -r150", 3, "text photo"),
    ("pdfimage", "pdf", "-sDEVICE=pdfimage24 -r100", 2, "photo drawing"),
    ("xps", "xps", "-sDEVICE=xpswrite", 4, "text drawing photo"),
    ("tiffg3", "tiff", "-sDEVICE=tiffg3 -r200", 4, "text table"),
    ("tiffg32d", "tiff", "-sDEVICE=tiffg32d -r200", 2, "text"),
    ("tiffg4", "tiff", "-sDEVICE=tiffg4 -r300", 6, "text table drawing"),
    ("tifflzw", "tiff", "-sDEVICE=tifflzw -r200", 3, "text drawing"),
    ("tiffpack", "tiff", "-sDEVICE=tiffpack -r200", 2, "table"),
    ("tiff24", "tiff", "-sDEVICE=tiff24nc -r100 -sCompression=lzw", 2, "photo drawing"),
    ("jpeg", "jpeg", "-sDEVICE=jpeg -r150", 4, "photo drawing text"),
    ("jpeggray", "jpeg", "-sDEVICE=jpeggray -r150", 2, "photo"),
    ("png", "png", "-sDEVICE=png16m -r150", 4, "photo drawing text"),
    ("pngmono", "png", "-sDEVICE=pngmono -r200", 2, "text"),
]
# Devices of which one file holds one page.
SINGLE = {"jpeg", "jpeggray", "png", "pngmono", "eps2write"}


def make(shop, scale):
    shop.tool("gs")
    for name, kind, arguments, count, looks in DEVICES:
        looks = looks.split()
        for turn in range(max(1, round(count * scale))):
            pages = 1 if name in SINGLE else 1 + shop.random.randrange(4)
            job = Job(shop.random, pages, looks[turn % len(looks)])
            shop.attempt(printed, f"{name}-{turn}", kind, arguments, job)


def printed(shop, name, kind, arguments, job):
    out = shop.folder / name
    words = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sPAPERSIZE=a4", *arguments.split()]
    shop.run("gs", *words, f"-sOutputFile={out}", "-", input=job.postscript())
    shop.keep(name, kind, out, "Ghostscript", job.marks, title=job.title, pages=len(job.pages))
