"""Archives and PDF made over: Info-ZIP, 7-Zip, gzip and qpdf."""

from content import words
from content.pages import Job
from samples.drivers import pdf


def make(shop, scale):
    for turn in range(max(1, round(3 * scale))):
        for maker in (zipped, seven, gzipped, pdfs):
            shop.attempt(maker, turn)


def folder(shop, turn):
    top = shop.folder / f"papers{turn}"
    top.mkdir(exist_ok=True)
    mark = shop.random.choice(words.CHINESE[:3])
    for number in range(4):
        text = f"{mark}\n" + words.paragraph(shop.random, 40)
        (top / f"minutes{number}.txt").write_text(text)
    (top / "numbers.bin").write_bytes(shop.random.randbytes(30_000))
    return top, mark


def zipped(shop, turn):
    top, mark = folder(shop, turn)
    for name, more, encrypted in [("plain", ["-r"], False), ("stored", ["-r0"], False), ("locked", ["-r", "-P", "paper"], True)]:
        out = shop.folder / f"{name}-{turn}.zip"
        shop.run("zip", "-q", "-X", *more, out, top.name)
        shop.keep(out.name, "zip", out, "Info-ZIP", [] if encrypted else [mark], encrypted=encrypted)


def seven(shop, turn):
    top, _ = folder(shop, turn)
    for name, more, encrypted in [("lzma2", [], False), ("bzip2", ["-m0=bzip2"], False), ("locked", ["-ppaper", "-mhe=on"], True)]:
        out = shop.folder / f"{name}-{turn}.7z"
        shop.run("7z", "a", "-bd", *more, out, top)
        shop.keep(out.name, "7z", out, "7-Zip", encrypted=encrypted)


def gzipped(shop, turn):
    top, mark = folder(shop, turn)
    out = shop.run("gzip", "-n", "-c", top / "minutes0.txt")
    shop.keep(f"minutes-{turn}.gz", "gzip", out, "gzip", [mark])
    out = shop.run("tar", "-C", shop.folder, "--sort=name", "--mtime=@1750000000", "-cz", top.name)
    shop.keep(f"papers-{turn}.tar.gz", "gzip", out, "tar and gzip", [mark])


def pdfs(shop, turn):
    job = Job(shop.random, 3, ["text", "drawing", "table"][turn % 3])
    source = pdf(shop, job)
    for name, more, encrypted in [
        ("linear", ["--linearize"], False), ("streams", ["--object-streams=generate"], False),
        ("aes", ["--encrypt", "", "boss", "256", "--"], True), ("open", ["--qdf", "--object-streams=disable"], False),
        ("rc4", ["--allow-weak-crypto", "--encrypt", "word", "boss", "128", "--use-aes=n", "--"], True),
    ]:
        out = shop.folder / f"{name}-{turn}.pdf"
        shop.run("qpdf", "--deterministic-id" if not encrypted else "--warning-exit-0", *more, source, out)
        shop.keep(out.name, "pdf", out, "qpdf", [] if encrypted else job.marks, encrypted=encrypted, pages=3)
    shop.keep(f"added-{turn}.pdf", "pdf", added(source.read_bytes(), job), "by hand after Ghostscript",
              synthetic=True, pages=3)


def added(whole, job):
    """A later revision behind the first, as annotating programs write it."""
    last = int(whole.rsplit(b"startxref", 1)[1].split()[0])
    tail = whole[whole.rindex(b"trailer"):]
    root = tail.split(b"/Root ")[1].split(b"R")[0].decode() + "R"
    count = int(tail.split(b"/Size ")[1].split()[0].strip(b"/>"))
    at = len(whole)
    body = f"{count} 0 obj\n<< /Title ({job.title} revised) >>\nendobj\n".encode()
    xref = (f"xref\n{count} 1\n{at:010} 00000 n \ntrailer\n<< /Size {count + 1} /Root {root} "
            f"/Info {count} 0 R /Prev {last} >>\nstartxref\n{at + len(body)}\n%%EOF\n")
    return whole + body + xref.encode()
