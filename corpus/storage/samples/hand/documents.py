"""Documents of East Asian offices, address books, settings, and PDF with the older filters."""

import base64
import io
import struct
import zipfile
import zlib

from content import words

FIXED = (2026, 3, 4, 5, 6, 8)


def package(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        for name, content in members:
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(entry, content)
    return out.getvalue()


def lines(random, count):
    return [words.chinese(random, 40) for _ in range(count)]


def ofd(shop, turn):
    random, mark = shop.random, words.CHINESE[turn % 3]
    space, pages = 'xmlns:ofd="http://www.ofdspec.org/2016"', 1 + turn
    top = (f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
           f"<ofd:DocID>{random.randrange(1 << 60):032x}</ofd:DocID><ofd:Title>公文{turn}</ofd:Title><ofd:Author>陈玉兰</ofd:Author>"
           "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>")
    listed = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(pages))
    document = f'<?xml version="1.0" encoding="UTF-8"?><ofd:Document {space}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>'
    members = [("OFD.xml", top), ("Doc_0/Document.xml", document)]
    for number in range(pages):
        shown = [mark, *lines(random, 30)]
        text = "".join(f'<ofd:TextObject ID="{n}"><ofd:TextCode X="0" Y="{n * 5}">{line}</ofd:TextCode></ofd:TextObject>'
                       for n, line in enumerate(shown))
        page = f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page {space}><ofd:Content><ofd:Layer>{text}</ofd:Layer></ofd:Content></ofd:Page>'
        members.append((f"Doc_0/Pages/Page_{number}/Content.xml", page))
    members.append(("Doc_0/Res/image_0.jpg", random.randbytes(9000)))
    shop.keep(f"ofd-{turn}.ofd", "ofd", package(members), "by hand", [mark], pages=pages, synthetic=True)


def wps(shop, turn):
    """A DOCX as WPS Office signs it."""
    random, mark = shop.random, words.CHINESE[turn % 3]
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    types = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
             'content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
             'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
    text = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in [mark, *lines(random, 80)])
    app = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
           '2006/extended-properties"><Application>WPS Office_12.1.0.16929_F1E327BC-269C-435d-A152-05C5408002CA</Application></Properties>')
    members = [("[Content_Types].xml", types), ("docProps/app.xml", app),
               ("word/document.xml", f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{word}"><w:body>{text}</w:body></w:document>'),
               ("word/media/image1.png", random.randbytes(12_000))]
    shop.keep(f"wps-{turn}.docx", "wps", package(members), "by hand", [mark], synthetic=True)


def compound(streams):
    """A compound file (OLE2) of version 3: a header, one table of sectors, the folder, and large streams alone."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = [(name, data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")) for name, data in streams]
    folder_sectors = -(-(len(padded) + 1) // 4)
    chain, starts = [table], []
    for length in [folder_sectors, *(len(data) // 512 for _, data in padded)]:
        starts.append(len(chain))
        chain += [*range(len(chain) + 1, len(chain) + length), end]
    if len(chain) > 128:
        raise ValueError("one table of sectors holds 128")

    def entry(name, kind, child, right, start, size):
        coded = name.encode("utf-16le") + b"\0\0"
        return (coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, free, right, child) + bytes(36)
                + struct.pack("<IQ", start, size))

    folder = entry("Root Entry", 5, 1, free, end, 0)
    for number, (name, data) in enumerate(padded, 1):
        right = number + 1 if number < len(padded) else free
        folder += entry(name, 2, free, right, starts[number], len(data))
    folder = folder.ljust(folder_sectors * 512, b"\0")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, starts[0], 0, 4096, end, 0, end, 0, 0)
    header = header.ljust(512, b"\xff")
    sectors = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header + sectors + folder + b"".join(data for _, data in padded)


def hwp(shop, turn):
    random, mark = shop.random, "대외비"
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = (mark + "\n" + "\n".join(lines(random, 60 + 40 * turn))).encode("utf-16le")
    section = pack.compress(body) + pack.flush()
    head = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, 1)
    content = compound([("FileHeader", head.ljust(256, b"\0")), ("BodyText", section), ("PrvText", f"{mark} 회의록".encode("utf-16le"))])
    shop.keep(f"hwp-{turn}.hwp", "hwp", content, "by hand", [mark], synthetic=True)


def packed_pdf(shop, turn):
    """One page whose stream went through LZW, or through Flate and ASCII85, as older printers' drivers write it."""
    random, marks = shop.random, [shop.random.choice(words.PLAIN), words.OWN[0]]
    page = "BT /F1 12 Tf 60 780 Td 14 TL (%s) Tj T*\n" % " ".join(marks)
    page += "".join(f"({words.sentence(random, 11)}) Tj T*\n" for _ in range(45)) + "ET\n"
    ways = [("/LZWDecode", lambda data: lzw(data)), ("[/ASCII85Decode /FlateDecode]", lambda data: a85(zlib.compress(data, 9))),
            ("[/ASCII85Decode /LZWDecode]", lambda data: a85(lzw(data))), ("[/ASCIIHexDecode /FlateDecode]", lambda data: zlib.compress(data).hex().encode() + b">")]
    name, way = ways[turn % 4]
    coded = way(page.encode("latin-1"))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(coded)} /Filter {name} >>\nstream\n".encode() + coded + b"\nendstream",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = bytearray(b"%PDF-1.3\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    xref = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{at:010} 00000 n \n".encode() for at in places)
    out += f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n".encode()
    shop.keep(f"filters-{turn}.pdf", "pdf", bytes(out), "by hand", marks, pages=1, synthetic=True)


def a85(data):
    return base64.a85encode(data, wrapcol=75) + b"~>"


def lzw(data):
    """As TIFF and PDF have it: the first bit is the highest, and codes grow one early."""
    out, bits, held = bytearray(), 0, 0
    table, width, word = {bytes([n]): n for n in range(256)}, 9, b""
    following = 258

    def put(code):
        nonlocal bits, held
        bits, held = bits << width | code, held + width
        while held >= 8:
            held -= 8
            out.append(bits >> held & 0xFF)
        bits &= (1 << held) - 1

    put(256)
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        put(table[word])
        table[longer] = following
        following += 1
        width = min(12, max(9, following.bit_length()))
        word = bytes([byte])
        if following >= 4095:
            put(256)
            table, width, following = {bytes([n]): n for n in range(256)}, 9, 258
    put(table[word])
    following += 1
    width = min(12, max(9, following.bit_length()))
    put(257)
    if held:
        out.append(bits << (8 - held) & 0xFF)
    return bytes(out)


def people(shop, turn):
    """Address books as telephones, directories and machines that scan to mail export them."""
    random, cards, entries, rows = shop.random, [], [], ['"No","Name","Mail address","Folder"']
    for number in range(30 + 20 * turn):
        person = random.choice(words.NAMES)
        first, last = person.split()
        mail = f"{words.user(person)}{number}@office.example"
        cards.append(f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last};{first};;;\r\nFN:{person}\r\nEMAIL:{mail}\r\nTEL:+49 30 {random.randrange(10**7)}\r\nEND:VCARD\r\n")
        entries.append(f"dn: uid={number},ou=people,dc=office,dc=example\nobjectClass: inetOrgPerson\ncn: {person}\nsn: {last}\nmail: {mail}\n\n")
        rows.append(f'"{number}","{person}","{mail}","smb://{random.choice(words.HOSTS)}/scans"')
    shop.keep(f"people-{turn}.vcf", "vcard", "".join(cards).encode(), "by hand", synthetic=True, ends=False)
    shop.keep(f"people-{turn}.ldif", "ldif", ("version: 1\n\n" + "".join(entries)).encode(), "by hand", synthetic=True, ends=False)
    shop.keep(f"people-{turn}.csv", "text", ("\r\n".join(rows) + "\r\n").encode(), "by hand", synthetic=True, ends=False)
    settings = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Configuration>\n <Smtp><Server>mail.office.example</Server><Port>465</Port>'
                f"<User>scanner{turn}</User><Password>{random.randrange(10**9)}</Password></Smtp>\n <Ldap><Host>ldap.office.example</Host>"
                f"<BindDN>cn=printer,dc=office,dc=example</BindDN><BindPassword>{random.randrange(10**9)}</BindPassword></Ldap>\n</Configuration>\n")
    shop.keep(f"settings-{turn}.xml", "text", settings.encode(), "by hand", synthetic=True, ends=False)


MAKERS = (ofd, wps, hwp, packed_pdf, people)
