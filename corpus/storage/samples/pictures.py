"""Pictures and scans: ImageMagick, libjpeg-turbo, OpenJPEG, libtiff and ExifTool."""

from content import pictures, words


def make(shop, scale):
    shop.tool("convert")
    for turn in range(max(1, round(3 * scale))):
        for maker in (jpegs, exif, pngs, tiffs, scans, jpeg2000, others):
            shop.attempt(maker, turn)


def size(shop):
    return shop.random.choice([320, 640, 900, 1200, 1600])


def jpegs(shop, turn):
    ppm = pictures.photo(shop, "ppm", size(shop))
    for name, words_ in [
        ("baseline", "-quality 82"), ("optimal", "-quality 90 -optimize"), ("progressive", "-quality 80 -progressive"),
        ("restart", "-quality 75 -restart 2"), ("gray", "-quality 85 -grayscale"),
        ("full", "-quality 92 -sample 1x1"), ("rare", "-quality 70 -progressive -restart 1B"),
    ]:
        out = shop.run("cjpeg", *words_.split(), input=ppm)
        shop.keep(f"{name}-{turn}.jpg", "jpeg", out, "libjpeg-turbo cjpeg", pages=1)
    im = pictures.photo(shop, "jpg", size(shop), 88, "-interlace", ["None", "Plane"][turn % 2])
    shop.keep(f"im-{turn}.jpg", "jpeg", im, "ImageMagick", pages=1)
    cmyk = pictures.photo(shop, "jpg", 600, 80, "-colorspace", "CMYK")
    shop.keep(f"cmyk-{turn}.jpg", "jpeg", cmyk, "ImageMagick", pages=1)


def exif(shop, turn):
    """As a camera or a telephone leaves it: with a small picture inside the header, and words."""
    shop.tool("exiftool")
    path, small = shop.folder / f"exif{turn}.jpg", shop.folder / "small.jpg"
    path.write_bytes(pictures.photo(shop, "jpg", 1280, 85))
    shop.run("convert", path, "-resize", "160x120", "-strip", "-quality", 70, small)
    mark = shop.random.choice(words.PLAIN)
    shop.run("exiftool", "-q", "-overwrite_original", f"-ThumbnailImage<={small}", "-Make=Office", "-Model=Scan 9",
             f"-ImageDescription={mark} copy", "-DateTimeOriginal=2026:03:04 05:06:08", path)
    shop.keep(f"exif-{turn}.jpg", "jpeg", path, "ImageMagick and ExifTool", [mark], pages=1)


def pngs(shop, turn):
    for name, more in [
        ("rgb", ""), ("interlaced", "-interlace PNG"), ("gray", "-colorspace Gray"),
        ("palette", "-colors 64 -type Palette"), ("deep", "-depth 16"), ("alpha", "-alpha set -channel A -evaluate set 60%"),
    ]:
        out = pictures.photo(shop, "png", shop.random.choice([160, 320, 640]), 85, *more.split())
        shop.keep(f"{name}-{turn}.png", "png", out, "ImageMagick", pages=1)


def tiffs(shop, turn):
    for name, more in [
        ("lzw", "-compress LZW"), ("zip", "-compress Zip"), ("raw", "-compress None"), ("packbits", "-compress RLE"),
        ("jpeg", "-compress JPEG"), ("big-endian", "-endian MSB -compress LZW"),
    ]:
        out = pictures.photo(shop, "tiff", shop.random.choice([200, 400, 600]), 85, *more.split())
        shop.keep(f"{name}-{turn}.tif", "tiff", out, "ImageMagick", pages=1)


def scans(shop, turn):
    pages = 1 + turn
    for name, more in [
        ("g4", "-compress Group4"), ("fax", "-compress Fax"), ("g4-msb", "-endian MSB -compress Group4"),
        ("lzw", "-colorspace Gray -compress LZW"),
    ]:
        mono = () if name == "lzw" else ("-monochrome",)
        out = pictures.page(shop, "tiff", pages, *mono, *more.split())
        shop.keep(f"scan-{name}-{turn}.tif", "tiff", out, "ImageMagick", pages=pages)
    shop.tool("tiffcp")
    source, joined = shop.folder / "scan.tif", shop.folder / f"joined{turn}.tif"
    source.write_bytes(out)
    joined.unlink(missing_ok=True)
    shop.run("tiffcp", "-c", "zip", "-r", 64, source, source, joined)
    shop.keep(f"scan-joined-{turn}.tif", "tiff", joined, "libtiff tiffcp", pages=2 * pages)
    fax = shop.folder / "fax.tif"
    fax.write_bytes(pictures.page(shop, "tiff", pages, "-monochrome", "-compress", "Group4"))
    shop.keep(f"scan-{turn}.pdf", "pdf", shop.run("tiff2pdf", "-p", "A4", fax), "libtiff tiff2pdf", pages=pages)
    out = pictures.page(shop, "jpg", 1, "-colorspace", "Gray", "-quality", "60")
    shop.keep(f"scan-{turn}.jpg", "jpeg", out, "ImageMagick", pages=1)


def jpeg2000(shop, turn):
    shop.tool("opj_compress")
    source = shop.folder / "picture.ppm"
    source.write_bytes(pictures.photo(shop, "ppm", shop.random.choice([400, 800])))
    for ending, more in [("jp2", "-r 20"), ("j2k", "-r 10"), ("jp2", "-n 3 -t 256,256"), ("jp2", "-I -r 30 -SOP -EPH")]:
        name = f"{more.replace(' ', '')}-{turn}.{ending}"
        out = shop.folder / name
        shop.run("opj_compress", "-i", source, "-o", out, *more.split())
        shop.keep(name, ending, out, "OpenJPEG", pages=1)


def others(shop, turn):
    for form in ("gif", "bmp", "webp"):
        out = pictures.photo(shop, form, 320)
        shop.keep(f"{form}-{turn}.{form}", form, out, "ImageMagick", pages=1)
