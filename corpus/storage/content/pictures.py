"""Pictures that look a little like photographs and scans, by ImageMagick from a number."""


def photo(shop, form, width, quality=85, *more):
    """Clouds of colour with shapes before them: not flat, and not noise."""
    number = shop.random.randrange(1 << 30)
    height = width * 3 // 4
    draw = []
    for _ in range(6):
        color = f"rgb({','.join(str(shop.random.randrange(256)) for _ in range(3))})"
        x, y = shop.random.randrange(width), shop.random.randrange(height)
        draw += ["-fill", color, "-draw", f"circle {x},{y} {x + width // 12},{y}"]
    words = ["-seed", number, "-size", f"{width}x{height}", "plasma:fractal", *draw, "-strip"]
    return shop.run("convert", *words, "-quality", quality, *more, f"{form}:-")


def page(shop, form, pages=1, *more):
    """Scanned pages: black writing on white, slightly turned."""
    from content import words

    sheets = []
    for _ in range(pages):
        lines = "\n".join(words.sentence(shop.random, 9)[:70] for _ in range(40))
        turn = shop.random.uniform(-1, 1)
        sheets += ["(", "-size", "1240x1754", "xc:white", "-pointsize", 26, "-annotate", "+80+120", lines,
                   "-rotate", f"{turn:.2f}", ")"]
    return shop.run("convert", *sheets, "-strip", *more, f"{form}:-")
