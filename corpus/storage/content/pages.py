"""Pages in PostScript: what the printers' drivers are given to print."""

from content import words


def quoted(text):
    return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"


class Job:
    """A print job as an office makes it: a title, pages, and marks in its text."""

    def __init__(self, random, pages, look="text", marks=None):
        self.title = f"Report {random.randrange(1000, 9999)} {random.choice(words.ENGLISH)}"
        self.person = random.choice(words.NAMES)
        self.host = random.choice(words.HOSTS)
        self.marks = marks if marks is not None else [random.choice(words.PLAIN), words.OWN[0]]
        self.pages = [page(random, self, number, look) for number in range(1, pages + 1)]

    @property
    def user(self):
        return words.user(self.person)

    def postscript(self):
        head = (
            "%!PS-Adobe-3.0\n"
            f"%%Title: {self.title}\n%%For: {self.user}@{self.host}\n%%Creator: office desk\n"
            f"%%Pages: {len(self.pages)}\n%%BoundingBox: 0 0 595 842\n%%LanguageLevel: 2\n"
            "%%EndComments\n%%BeginProlog\n"
            "/F { exch findfont exch scalefont setfont } bind def\n%%EndProlog\n"
        )
        bodies = [f"%%Page: {n} {n}\n{body}showpage\n" for n, body in enumerate(self.pages, 1)]
        return (head + "".join(bodies) + "%%Trailer\n%%EOF\n").encode("latin-1")


def page(random, job, number, look):
    parts = ["/Helvetica-Bold 15 F 60 780 moveto ", quoted(f"{job.title}  {number}"), " show\n"]
    parts += ["/Helvetica 12 F 60 760 moveto ", quoted(" ".join(job.marks)), " show\n"]
    parts += {"text": lines, "drawing": drawing, "photo": photo, "table": table}[look](random)
    return "".join(parts)


def lines(random):
    parts = ["/Times-Roman 10 F\n"]
    for row in range(46):
        text = words.sentence(random, 13)[:92]
        parts.append(f"60 {735 - row * 14} moveto {quoted(text)} show\n")
    return parts


def table(random):
    parts = ["/Courier 8 F 0.5 setlinewidth\n"]
    for row in range(40):
        y = 735 - row * 16
        parts.append(f"55 {y - 4} moveto 540 {y - 4} lineto stroke\n")
        for column in range(5):
            cell = random.choice([random.choice(words.ENGLISH), f"{random.random() * 9000:.2f}"])
            parts.append(f"{60 + column * 96} {y} moveto {quoted(cell)} show\n")
    return parts


def drawing(random):
    parts = []
    for _ in range(70):
        red, green, blue = (random.random() for _ in range(3))
        x, y = random.randrange(60, 500), random.randrange(60, 700)
        parts.append(f"{red:.2f} {green:.2f} {blue:.2f} setrgbcolor {x} {y} moveto\n")
        points = " ".join(str(random.randrange(-80, 80)) for _ in range(6))
        parts.append(random.choice([
            f"{points} rcurveto 2 setlinewidth stroke\n",
            f"{x} {y} {random.randrange(5, 60)} 0 360 arc fill\n",
            f"{random.randrange(9, 90)} 0 rlineto 0 40 rlineto closepath fill\n",
        ]))
    return parts


def photo(random, side=96):
    """A grey picture with slopes, edges and a little noise, drawn large."""
    rows, level = [], [random.randrange(256) for _ in range(side)]
    for _ in range(side):
        level = [
            (value * 3 + level[x - 1] + random.randrange(-9, 10)) // 4 % 256
            for x, value in enumerate(level)
        ]
        rows.append(bytes(level).hex())
    body = "\n".join(rows)
    return [
        f"gsave 70 300 translate 400 400 scale {side} {side} 8 [{side} 0 0 -{side} 0 {side}]\n"
        f"{{ currentfile {side} string readhexstring pop }} image\n{body}\ngrestore\n"
    ] + lines(random)[:12]
