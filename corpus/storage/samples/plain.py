"""Files that Python's own library makes: archives, mail, databases and texts."""

import email.policy
import gzip
import io
import sqlite3
import zipfile
import zlib
from email.message import EmailMessage

from content import words

FIXED = (2026, 3, 4, 5, 6, 8)


def make(shop, scale):
    for turn in range(max(1, round(4 * scale))):
        for maker in (zipped, streamed, gzipped, database, letter, mailbox, texts):
            shop.attempt(maker, turn)


def prose(shop, paragraphs=30):
    marks = [shop.random.choice(words.PLAIN), words.OWN[1]]
    text = [" ".join(marks)] + [words.paragraph(shop.random) for _ in range(paragraphs)]
    return "\n\n".join(text), marks


def noise(shop, most=60_000):
    return shop.random.randbytes(shop.random.randrange(4000, most))


def zipped(shop, turn):
    text, marks = prose(shop)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        entry = zipfile.ZipInfo("minutes.txt", FIXED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        whole.writestr(entry, text)
        whole.writestr(zipfile.ZipInfo("folder/data.bin", FIXED), noise(shop))
    shop.keep(f"zip-{turn}.zip", "zip", out.getvalue(), "Python zipfile", marks)


class Pipe(io.RawIOBase):
    """A stream that cannot go back, as a program's output is."""

    def __init__(self):
        self.taken = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.taken += piece
        return len(piece)


def streamed(shop, turn):
    text, marks = prose(shop)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as whole:
        for number in range(3):
            entry = zipfile.ZipInfo(f"part{number}.txt", FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with whole.open(entry, "w") as member:
                member.write(text.encode() + noise(shop, 9000))
    shop.keep(f"streamed-{turn}.zip", "zip", bytes(pipe.taken), "Python zipfile, streamed", marks)


def gzipped(shop, turn):
    text, marks = prose(shop, 60)
    out = io.BytesIO()
    with gzip.GzipFile("journal.log", "wb", 9 - turn % 3, out, mtime=1_750_000_000) as member:
        member.write(text.encode())
    shop.keep(f"gzip-{turn}.gz", "gzip", out.getvalue(), "Python gzip", marks)


def database(shop, turn):
    path = shop.folder / f"jobs-{turn}.db"
    opened = sqlite3.connect(path)
    opened.execute(f"pragma page_size={[4096, 1024, 8192, 4096][turn % 4]}")
    opened.execute("create table jobs(id integer primary key, user text, title text, body blob)")
    mark = shop.random.choice(words.CHINESE)
    for number in range(200 + 150 * turn):
        person = words.user(shop.random.choice(words.NAMES))
        row = (number, person, f"{mark} {words.sentence(shop.random, 6)}", shop.random.randbytes(90))
        opened.execute("insert into jobs values(?,?,?,?)", row)
    opened.commit()
    opened.close()
    shop.keep(f"jobs-{turn}.sqlite", "sqlite", path, "SQLite", [mark])


def message(shop, turn):
    random, (text, marks) = shop.random, prose(shop, 6)
    letter, person = EmailMessage(email.policy.SMTP), random.choice(words.NAMES)
    letter["From"] = f"{person} <{words.user(person)}@office.example>"
    letter["To"] = "accounting@office.example"
    letter["Subject"] = words.sentence(random, 5)
    letter["Date"] = f"Tue, 0{1 + turn % 9} Sep 2026 10:20:30 +0000"
    letter["Message-ID"] = f"<{random.randrange(10**9)}@office.example>"
    letter.set_content(text)
    letter.add_attachment(noise(shop, 20_000), "application", "octet-stream", filename="scan.bin")
    letter.set_boundary(f"==={random.randrange(10**15)}==")
    return letter, marks


def letter(shop, turn):
    written, marks = message(shop, turn)
    shop.keep(f"mail-{turn}.eml", "eml", written.as_bytes(), "Python email", marks, ends=False)


def mailbox(shop, turn):
    parts, planted = [], []
    for number in range(3):
        written, marks = message(shop, number)
        body = written.as_bytes().replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        parts.append(b"From someone@office.example Tue Sep  1 10:20:30 2026\n" + body + b"\n")
        planted += marks
    content = b"".join(parts)
    shop.keep(f"box-{turn}.mbox", "mbox", content, "Python email", planted, ends=False)


def texts(shop, turn):
    text, marks = prose(shop)
    mark = words.CHINESE[turn % 3]
    han = mark + "\n" + "\n".join(words.chinese(shop.random) for _ in range(60)) + "\n"
    keep = lambda name, content, planted: shop.keep(
        f"{name}-{turn}.txt", "text", content, "Python", planted, ends=False)
    keep("utf8", (text + "\n" + han).encode(), [*marks, mark])
    keep("utf16le", b"\xff\xfe" + (han + text).encode("utf-16le"), [*marks, mark])
    keep("utf16be", b"\xfe\xff" + (han + text).encode("utf-16be"), [*marks, mark])
    keep("gbk", (han * 2).encode("gbk"), [mark])
    big5 = "機密\n" + "\n".join("".join(shop.random.choice("會議室今年冬天收到新的桌子請把文件放進") for _ in range(50)) for _ in range(40))
    keep("big5", big5.encode("big5"), ["機密"])
