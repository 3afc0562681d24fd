"""Disks: a partition table by hand, file systems in it, and the truth of where everything lies."""

import mmap
import struct
import uuid
import zlib

from media import places, systems

MIB = 1 << 20
SECTOR = 512
GPT_TYPES = {
    "linux": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
    "basic": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",
    "efi": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
}
MBR_TYPES = {"ext4": 0x83, "ext3": 0x83, "ext2": 0x83, "xfs": 0x83, "fat12": 0x01, "fat16": 0x06,
             "fat32": 0x0C, "exfat": 0x07, "ntfs": 0x07, None: 0x83}


def mbr(image, parts, signature=0x2026CAFE):
    """At most four of (start, bytes, file system)."""
    entries = b""
    for start, size, system in parts:
        entries += struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", MBR_TYPES.get(system, 0x83), b"\xfe\xff\xff",
                               start // SECTOR, size // SECTOR)
    image.seek(440)
    image.write(struct.pack("<IH", signature, 0) + entries.ljust(64, b"\0") + b"\x55\xaa")


def gpt(image, size, parts, random):
    """Parts of (start, bytes, file system, name); both copies of the table."""
    last = size // SECTOR - 1
    entries = b""
    for start, length, system, name in parts:
        kind = GPT_TYPES["basic" if system in ("ntfs", "exfat", "fat32", "fat16") else "linux"]
        own = uuid.UUID(int=random.getrandbits(128), version=4)
        entries += uuid.UUID(kind).bytes_le + own.bytes_le
        entries += struct.pack("<QQQ", start // SECTOR, (start + length) // SECTOR - 1, 0)
        entries += name.encode("utf-16le").ljust(72, b"\0")
    entries = entries.ljust(128 * 128, b"\0")
    disk = uuid.UUID(int=random.getrandbits(128), version=4).bytes_le
    for own, other, table in [(1, last, 2), (last, 1, last - 32)]:
        header = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, own, other, 34, last - 33,
                             disk, table, 128, 128, zlib.crc32(entries))
        header = header[:16] + struct.pack("<I", zlib.crc32(header)) + header[20:]
        image.seek(own * SECTOR)
        image.write(header)
        image.seek(table * SECTOR)
        image.write(entries)
    image.seek(440)
    protective = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xEE, b"\xff\xff\xff", 1, min(last, 0xFFFFFFFF))
    image.write(struct.pack("<IH", 0, 0) + protective.ljust(64, b"\0") + b"\x55\xaa")


def lay(image, source, start):
    """A partition's bytes into the disk; zeros stay holes."""
    with source.open("rb") as opened:
        at = start
        while piece := opened.read(MIB):
            if piece.strip(b"\0"):
                image.seek(at)
                image.write(piece)
            at += len(piece)
    return at - start


def tell(path, truth, folder, stored, system, start, size, number):
    """Puts into the truth what a file system holds, and what its deleted files left."""
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as image:
        for one in stored:
            content = (folder / one.sample.name).read_bytes()
            pieces = places.find(image, content, start, start + size)
            state = "whole"
            if one.deleted:
                state = {0: "lost", 1: "deleted"}.get(len(pieces), "deleted-fragmented")
            truth.file(one.sample, state, pieces, path=one.path, owner=one.owner, partition=number,
                       file_system=system, packed=not pieces, adjacent=False)
    return sum(not one.deleted for one in stored)


def systems_of(names):
    makers = {
        "ext4": systems.ext("ext4"), "ext3": systems.ext("ext3"), "ext2": systems.ext("ext2"),
        "xfs": systems.xfs, "ntfs": systems.ntfs, "exfat": systems.exfat,
        "fat12": systems.fat(12), "fat16": systems.fat(16), "fat32": systems.fat(32),
        "iso9660": systems.ISO, "squashfs": systems.SQUASHFS, "squashfs-xz": systems.SQUASHFS_XZ,
        "squashfs-zstd": systems.SQUASHFS_ZSTD, "jffs2": systems.JFFS2, "ubifs": systems.UBIFS,
    }
    return [(name, makers[name]) for name in names]
