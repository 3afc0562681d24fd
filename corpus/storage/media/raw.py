"""A raw area as a printer's spool partition is: files, fragments, cut files, baits, and nothing around them."""

from content import words

CLUSTER = 4096
# Kinds whose own structure or checksums can tell a right joint from a wrong one.
JOINABLE = {
    "jpeg", "png", "tiff", "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "zip", "gzip", "7z",
    "sqlite", "xps", "pcl-xl", "pcl5", "pwg-raster", "cups-raster", "urf", "jp2", "doc", "xls", "ppt",
}
# Forms that begin with a number that chance makes often: their programs keep each in a file, and never one behind another.
ON_SECTORS = {"emf-spool", "shd", "cups-control"}
# Forms outside the list, in which chance behind a real beginning is as good a picture as any.
NO_BAITS = {"bmp", "webp", "gif"}


def silent(sample, content):
    """Pixels without packing: whatever follows a cut or stands in a gap may be a picture as well."""
    return sample.kind == "bmp" or content[:4] in (b"3SaR", b"tSaR")


class Area:
    """Bytes of an image from `start` to `end`, filled from front to back."""

    def __init__(self, image, truth, folder, random, start, end):
        self.image, self.truth, self.folder, self.random = image, truth, folder, random
        self.at, self.end = start, end
        # The most that lies between two things.
        self.remains = 300_000

    def content(self, sample):
        return (self.folder / sample.name).read_bytes()

    def has_room(self, length):
        return self.at + length + 2 * self.remains + 1_200_000 < self.end

    def put(self, start, content):
        self.image.seek(start)
        self.image.write(content)
        self.at = max(self.at, start + len(content))

    def align(self, unit):
        self.at = -(-self.at // unit) * unit

    def space(self):
        """What lies between two things: mostly nothing, sometimes remains."""
        length = self.random.choice([0, 512, 4096, 20_000, 65_536, self.remains])
        filler(self.random, self, length)

    def place(self, sample=None):
        """Where the next thing begins: on a cluster, a sector, or anywhere."""
        unit = self.random.choice([CLUSTER, CLUSTER, 512, 1])
        if sample is not None and sample.kind in ON_SECTORS:
            unit = max(unit, 512)
        if unit == 1:
            self.at += self.random.randrange(1, 3000)
        self.align(unit)
        return self.at

    def whole(self, sample, adjacent=False):
        start = self.at if adjacent and sample.kind not in ON_SECTORS else self.place(sample)
        content = self.content(sample)
        self.put(start, content)
        self.truth.file(sample, "whole", [(start, len(content))], adjacent=adjacent)
        if not sample.ends:
            self.put(self.at, bytes(64))

    def truncated(self, sample, after):
        content, start = self.content(sample), self.place(sample)
        left = self.random.randrange(len(content) // 5, len(content) * 9 // 10)
        if self.random.random() < 0.5:
            left = max(512, left // 512 * 512)
        self.put(start, content[:left])
        follows = self.random.choice(["zeros", "random", "file"])
        if silent(sample, content):
            follows = "file"
        self.truth.file(sample, "truncated", [(start, left)], follows=follows)
        if follows == "file" and after:
            return self.whole(after, adjacent=True)
        self.put(self.at, bytes(70_000) if follows == "zeros" else self.random.randbytes(70_000))

    def fragmented(self, sample, between):
        """Two pieces on clusters, and 1 to 128 clusters of something else between them."""
        self.align(CLUSTER)
        content, start = self.content(sample), self.at
        clusters = len(content) // CLUSTER
        first = self.random.randrange(1, clusters + (len(content) % CLUSTER > 0)) * CLUSTER
        self.put(start, content[:first])
        gap = self.random.choice([1, 2, 3, 5, 8, 16, 30, 64, 128])
        what = self.random.choice(["zeros", "random", "text", "file"])
        room = gap * CLUSTER
        if what == "file":
            inner = between(lambda other: other.bytes <= 128 * CLUSTER)
            what = what if inner else "random"
        if what == "file":
            self.whole(inner, adjacent=True)
            self.align(CLUSTER)
            room = self.at - start - first
        elif what == "text":
            self.put(self.at, prose(self.random, room))
        elif what == "random":
            self.put(self.at, self.random.randbytes(room))
        second = start + first + room
        self.put(second, content[first:])
        pieces = [(start, first), (second, len(content) - first)]
        self.truth.file(sample, "fragmented", pieces, gap=what, gap_clusters=room // CLUSTER)

    def bait(self, sample):
        """A real beginning, and chance behind it."""
        start = self.place()
        header = self.random.choice([4, 8, 16, 16, 24, 32, 48, 64])
        length = self.random.randrange(3000, 60_000)
        self.put(start, self.content(sample)[:header] + self.random.randbytes(length))
        self.put(self.at, bytes(64))
        self.truth.bait(sample.kind, start, header + length, header)

    def mark(self, word, encoding):
        self.put(self.at, bytes(64))
        start, coded = self.place(), word.encode(encoding)
        self.put(start, coded)
        self.truth.mark(word, encoding, start)
        self.put(self.at, bytes(self.random.randrange(40, 2000)))


def prose(random, length):
    text = words.paragraph(random, 40).encode()
    return (text * (length // len(text) + 1))[:length]


def filler(random, area, length):
    kind = random.choice(["zeros"] * 6 + ["ones", "random", "text"])
    made = {"zeros": lambda: bytes(length), "ones": lambda: b"\xff" * length,
            "random": lambda: random.randbytes(length), "text": lambda: prose(random, length)}
    area.put(area.at, made[kind]())


def fill(area, samples, baits):
    """Places all samples that find room: three of five whole, the others in pieces or cut."""
    random, waiting = area.random, list(samples)
    random.shuffle(waiting)

    def another(fits=lambda sample: True):
        for sample in waiting:
            if fits(sample):
                waiting.remove(sample)
                return sample

    plans = ["mark"] * 24 + ["bait"] * baits
    plans += ["file"] * len(waiting)
    random.shuffle(plans)
    pool = list(samples)
    marks = [(word, code) for word, _, more in words.MARKS for code in ("utf-8", "utf-16le", "utf-16be", *more)]
    for plan in plans:
        if not area.has_room(0):
            break
        area.space()
        if plan == "mark":
            area.mark(*random.choice(marks))
        elif plan == "bait":
            area.bait(random.choice([sample for sample in pool if sample.ends and sample.kind not in NO_BAITS]))
        elif sample := another(lambda sample: area.has_room(sample.bytes)):
            one(area, sample, another)
    return waiting


def one(area, sample, another):
    draw, mute = area.random.random(), silent(sample, area.content(sample))
    if sample.kind in JOINABLE and sample.bytes > 3 * CLUSTER and draw < 0.34 and not mute:
        area.fragmented(sample, another)
    elif sample.ends and sample.bytes > 3000 and draw > 0.86:
        after = another(lambda other: other.bytes < 400_000)
        area.truncated(sample, after) if after or not mute else area.whole(sample)
    else:
        area.whole(sample)
        if draw < 0.4 and (beside := another(lambda other: other.ends and other.bytes < 400_000)):
            area.whole(beside, adjacent=sample.ends)
