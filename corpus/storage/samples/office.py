"""LibreOffice: documents, tables and slides in its own formats, Microsoft's old and new ones, RTF and PDF."""

import base64
from xml.sax.saxutils import escape

from content import pictures, words

SPACES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in [
    ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("meta", "meta"),
    ("draw", "drawing"), ("presentation", "presentation"), ("svg", "svg-compatible"),
    ("fo", "xsl-fo-compatible"), ("dc2", "datastyle"),
]) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'

# The flat source's ending, its body, how many, and what each becomes.
KINDS = [
    ("fodt", "text", 8, "docx odt doc rtf pdf"),
    ("fods", "spreadsheet", 6, "xlsx ods xls pdf"),
    ("fodp", "presentation", 4, "pptx odp ppt pdf"),
    ("fodg", "drawing", 3, "odg emf pdf"),
]


def make(shop, scale):
    shop.tool("soffice")
    for ending, body, count, targets in KINDS:
        sources = [source(shop, ending, body, turn) for turn in range(max(1, round(count * scale)))]
        for target in targets.split():
            shop.attempt(converted, sources, target)


def converted(shop, sources, target):
    """One run of LibreOffice turns all of one kind: starting it takes longest."""
    out = shop.folder / f"out-{target}"
    # Files of two sources may not share a name.
    home = f"-env:UserInstallation=file://{shop.folder}/profile"
    paths = [path for path, _ in sources]
    shop.run("soffice", home, "--headless", "--convert-to", target, "--outdir", out, *paths)
    for path, facts in sources:
        made = out / f"{path.stem}.{target}"
        facts = facts | {"title": facts["title"] if target in "docx odt pdf".split() else None}
        marks = facts.pop("planted")
        shop.attempt(lambda _: shop.keep(made.name, target, made, "LibreOffice", marks, **facts))


def source(shop, ending, body, turn):
    random = shop.random
    marks = [random.choice(words.PLAIN), random.choice(words.CHINESE[:3]), words.OWN[turn % 3]]
    title, person = f"Plan {random.randrange(1000, 9999)}", random.choice(words.NAMES)
    inner = {"text": text, "spreadsheet": sheet, "presentation": slides, "drawing": drawing}[body]
    meta = (f"<office:meta><dc:title>{title}</dc:title><meta:initial-creator>{person}</meta:initial-creator>"
            f"<dc:creator>{person}</dc:creator></office:meta>")
    flat = (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {SPACES} office:version="1.2" '
            f'office:mimetype="application/vnd.oasis.opendocument.{"graphics" if body == "drawing" else body}">'
            f"{meta}<office:body><office:{body}>{inner(shop, marks, turn)}</office:{body}></office:body></office:document>")
    path = shop.folder / f"{body}-{turn}.{ending}"
    path.write_text(flat)
    return path, {"planted": marks, "title": title}


def paragraphs(random, count):
    lines = [words.paragraph(random) if n % 4 else words.chinese(random, 120) for n in range(count)]
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)


def picture(shop, turn):
    """A frame with a picture in it, in every second document."""
    made = shop.attempt(pictures.photo, "jpg", 300 + 60 * turn, 85) if turn % 2 else None
    if made is None:
        return ""
    data = base64.b64encode(made).decode()
    return (f'<draw:frame svg:width="12cm" svg:height="9cm" svg:x="2cm" svg:y="5cm"><draw:image>'
            f"<office:binary-data>{data}</office:binary-data></draw:image></draw:frame>")


def marked(marks):
    return "".join(f"<text:p>{escape(mark)}</text:p>" for mark in marks)


def text(shop, marks, turn):
    shown = picture(shop, turn)
    shown = f"<text:p>{shown}</text:p>" if shown else ""
    return marked(marks) + shown + paragraphs(shop.random, 12 + 8 * turn)


def cell(value):
    if isinstance(value, float):
        return f'<table:table-cell office:value-type="float" office:value="{value:.2f}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def sheet(shop, marks, turn):
    random = shop.random
    rows = [[mark] for mark in marks]
    for _ in range(60 + 90 * turn):
        rows.append([random.choice(words.NAMES), words.sentence(random, 4), random.random() * 9000])
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="Costs">{body}</table:table>'


def box(content, y):
    return (f'<draw:frame svg:width="22cm" svg:height="6cm" svg:x="2cm" svg:y="{y}cm">'
            f"<draw:text-box>{content}</draw:text-box></draw:frame>")


def slides(shop, marks, turn):
    random, pages = shop.random, []
    for number in range(3 + turn):
        content = box(marked(marks if number == 0 else [words.sentence(random, 5)]), 1)
        content += box(paragraphs(random, 2), 8) + (picture(shop, turn) if number == 1 else "")
        pages.append(f'<draw:page draw:name="page{number}">{content}</draw:page>')
    return "".join(pages)


def drawing(shop, marks, turn):
    random, shapes = shop.random, []
    for _ in range(40):
        x, y, width, height = (random.randrange(1, 15) for _ in range(4))
        shapes.append(f'<draw:rect svg:x="{x}cm" svg:y="{y}cm" svg:width="{width}cm" svg:height="{height}cm"/>')
    return f'<draw:page draw:name="page1">{box(marked(marks), 1)}{"".join(shapes)}</draw:page>'
