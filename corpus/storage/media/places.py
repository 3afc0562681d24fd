"""Where the bytes of a known file lie on an image."""

CHUNK = 4096


def find(image, content, start, end):
    """Its pieces, as start and bytes; nothing where a part of it is there no more.

    Files of file systems lie in blocks of 512 bytes or more; a chunk of zeros may be a hole and goes on where it is."""
    pieces, at = [], 0
    while at < len(content):
        head = content[at:at + CHUNK]
        if not head.strip(b"\0"):
            # A hole, or zeros: they take no place of their own.
            place = pieces[-1][0] + pieces[-1][1] if pieces else None
            if place is None or image[place:place + len(head)] != head:
                return []
        else:
            place = first(image, head, start, end)
        if place is None:
            return []
        length = same(image, content, at, place, end)
        if length == 0:
            return []
        if pieces and sum(pieces[-1]) == place:
            pieces[-1][1] += length
        else:
            pieces.append([place, length])
        at += length
    return pieces


def first(image, head, start, end):
    at = start
    while True:
        at = image.find(head, at, end)
        if at < 0:
            return None
        if at % 512 == 0:
            return at
        at += 1


def same(image, content, at, place, end):
    """How many bytes from `at` on stand at `place`: whole chunks, and the rest at the end."""
    most = min(len(content) - at, end - place)
    step = 1 << 20
    length = 0
    while length < most:
        size = min(step, most - length)
        if image[place + length:place + length + size] == content[at + length:at + length + size]:
            length += size
        elif step > CHUNK:
            step = CHUNK
        else:
            break
    return length
