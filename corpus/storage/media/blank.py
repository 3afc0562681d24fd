"""Media from which nothing should be read any more: wiped in several ways, encrypted, and wiped badly."""

from media import disk, systems

MIB = 1 << 20


def pattern(piece):
    return lambda random, length: (piece * (length // len(piece) + 1))[:length]


WIPES = {
    "zeros": pattern(b"\0"),
    "ones": pattern(b"\xff"),
    "pattern": pattern(bytes.fromhex("33cc55aa")),
    "random": lambda random, length: random.randbytes(length),
}


def wiped(studio, name, size=32 * MIB):
    with studio.image(f"wiped-{name}", size) as (_, opened, truth):
        opened.write(WIPES[name](studio.random(name), size))
        truth.record["wiped"] = name


def table_only(studio, size=32 * MIB):
    """Zeros behind a table of partitions: 'formatted', and nothing else is there."""
    with studio.image("wiped-table", size) as (_, opened, truth):
        disk.mbr(opened, [(MIB, size - 2 * MIB, "ext4")])
        truth.record["wiped"] = "zeros"
        truth.partition(number=1, scheme="mbr", start=MIB, bytes=size - 2 * MIB, file_system=None)


def half(studio, size=64):
    """The first half was wiped, and then somebody thought that it was done."""
    from media.plan import partition

    with studio.image("wiped-half", size * MIB) as (path, opened, truth):
        start, length = size // 2 * MIB, size // 2 * MIB
        stored, _ = partition(studio, "wiped-half", "ext4", length, 30, opened, start)
        opened.flush()
        live = disk.tell(path, truth, studio.samples, stored, "ext4", start, length, 0)
        truth.partition(number=0, scheme="found", start=start, bytes=length, file_system="ext4", files=live,
                        deleted=sum(one.deleted for one in stored))


def locked(studio, kind, size=32 * MIB):
    """An encrypted disk as it is when the key is elsewhere."""
    with studio.image(kind, size) as (path, opened, truth):
        opened.write(studio.random(kind).randbytes(size))
        opened.flush()
        quick = ["--pbkdf", "pbkdf2"] if kind == "luks2" else []
        systems.call("cryptsetup", "luksFormat", "--batch-mode", "--type", kind, *quick, "--pbkdf-force-iterations",
                     "1000", "--key-file", "/dev/stdin", path, input=b"correct horse")
        truth.record["encryption"] = kind
        truth.partition(number=0, scheme="none", start=0, bytes=size, file_system=None, encryption=kind)


def all_of(studio):
    for name in WIPES:
        wiped(studio, name)
    table_only(studio)
    half(studio)
    for kind in ("luks1", "luks2"):
        locked(studio, kind)
