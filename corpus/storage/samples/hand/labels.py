"""Receipts and labels, and a plotter's drawing: ESC/POS, ZPL and HP-GL/2."""

from content import words


def escpos(shop, turn):
    random = shop.random
    mark = random.choice(words.PLAIN)
    out = bytearray(b"\x1b@\x1ba\x01\x1d!\x11OFFICE SHOP\n\x1d!\x00\x1ba\x00")
    out += f"{mark}\nTable {turn}  {random.choice(words.NAMES)}\n".encode()
    for _ in range(20 + 10 * turn):
        out += f"{random.choice(words.ENGLISH):<20}{random.random() * 90:>10.2f}\n".encode()
    out += b"\x1dk\x49\x0c{B" + f"{random.randrange(10**9, 10**10)}".encode()
    width, height = 24, 64
    out += b"\x1dv0\x00" + bytes([width, 0, height, 0]) + random.randbytes(width * height)
    out += b"\x1bd\x04\x1dV\x42\x00"
    shop.keep(f"receipt-{turn}.bin", "escpos", bytes(out), "by hand", [mark], synthetic=True, ends=False)


def zpl(shop, turn):
    random, mark, labels = shop.random, shop.random.choice(words.PLAIN), []
    for number in range(1 + turn):
        person = random.choice(words.NAMES)
        labels.append(
            f"^XA\n^PW812\n^FO40,40^A0N,40,40^FD{mark} {person}^FS\n^FO40,120^BCN,100,Y,N,N^FD{random.randrange(10**9)}^FS\n"
            f"^FO40,300^A0N,28,28^FD{words.sentence(random, 6)}^FS\n^FO40,400^GFA,64,64,8,{random.randbytes(64).hex().upper()}^FS\n"
            "^PQ1\n^XZ\n")
    shop.keep(f"label-{turn}.zpl", "zpl", "".join(labels).encode(), "by hand", [mark], synthetic=True)


def plotted(shop, turn):
    """A drawing with a title block, with the start and end that drivers of plotters write."""
    random, mark = shop.random, shop.random.choice(words.PLAIN)
    out = bytearray(b"\x1b%-12345X@PJL JOB NAME=\"plan\"\r\n@PJL ENTER LANGUAGE=HPGL2\r\n" if turn % 2 else b"\x1bE")
    out += b"\x1b%0BBP5,1;IN;PS10000,14000;SP1;PW0.35,1;" if turn % 2 else b"\x1b%0BIN;SP1;PW0.35,1;"
    for _ in range(300 + 200 * turn):
        x, y = random.randrange(10_000), random.randrange(14_000)
        moves = ",".join(f"{random.randrange(-900, 900)}" for _ in range(6))
        out += f"PU{x},{y};PR;PD{moves};PA;".encode()
    out += f"PU400,400;DT\x03,1;LB{mark} plan {random.randrange(999)}\x03;SP0;PG;".encode()
    out += b"\x1b%0A\x1bE" + (b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X" if turn % 2 else b"")
    shop.keep(f"plot-{turn}.plt", "pjl" if turn % 2 else "hpgl2", bytes(out), "by hand", [mark], synthetic=True)


MAKERS = (escpos, zpl, plotted)
