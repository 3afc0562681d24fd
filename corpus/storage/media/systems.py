"""File systems made and changed by their own programs, so that tables, journals and remains are real."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1 << 20
OWNERS = {"alice": 1001, "bruno": 1002, "scanner": 990, "root": 0}


@dataclass
class Stored:
    """A sample as a file of a file system."""

    sample: object
    path: str
    owner: int | None
    deleted: bool = False
    # Several files of one content would be one artifact.
    extra: dict = field(default_factory=dict)


class Unable(Exception):
    """This machine cannot make or mount the file system."""


def call(*words, input=None, env=None):
    own = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC"} | (env or {})
    try:
        done = subprocess.run([str(word) for word in words], env=own, input=input, capture_output=True, timeout=240)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unable(f"{words[0]}: {error}") from None
    if done.returncode:
        last = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Unable(f"{' '.join(map(str, words))[:90]}: {last}")
    return done.stdout


@contextmanager
def mounted(path, *how, source=None):
    if os.geteuid():
        raise Unable("only root can mount")
    folder = path.with_suffix(".mount")
    folder.mkdir()
    try:
        call(*how, source or path, folder) if how else call("mount", "-o", "loop,noatime", path, folder)
        try:
            yield folder
        finally:
            # Something of the machine may still look at it.
            for attempt in range(20):
                try:
                    call("umount", folder)
                    break
                except Unable:
                    time.sleep(0.2)
    finally:
        folder.rmdir()


def tree(samples, random):
    """Where an office's file server, desk and printer keep such files."""
    folders = ["spool/jobs", "home/alice/papers", "home/bruno/Desktop/plans 2026", "scans/inbox", "archive/old"]
    owners = [0, 1001, 1002, 990, 0]
    for number, sample in enumerate(samples):
        place = random.randrange(len(folders))
        stem, dot, ending = sample.name.rpartition(".")
        name = f"{stem}.{ending}" if dot else f"{sample.name}.{sample.kind}"
        if number % 7 == 3:
            name = "会议 " + name
        yield Stored(sample, f"{folders[place]}/{name}", owners[place])


def copy_in(root, folder, stored, owned=True):
    path = root / stored.path
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / stored.sample.name, path)
    if owned:
        os.chown(path, stored.owner, stored.owner)
    return path


def live_and_deleted(root, folder, files, random, owned):
    """Writes them all, deletes two of five, and writes a little over the places that got free."""
    for stored in files:
        copy_in(root, folder, stored, owned)
    # Otherwise a deletion undoes a writing that never reached the medium.
    os.sync()
    gone = random.sample(files, len(files) * 2 // 5)
    for stored in gone:
        (root / stored.path).unlink()
        stored.deleted = True
    os.sync()
    for number in range(3):
        (root / f"later{number}.txt").write_bytes(b"Nothing of importance.\n" * random.randrange(3, 400))
    os.sync()


def by_mounting(path, size, make, folder, files, random, how=(), owned=True):
    with path.open("wb") as opened:
        opened.truncate(size)
    call(*make, path)
    with mounted(path, *how) as root:
        live_and_deleted(root, folder, files, random, owned)
    for stored in files:
        stored.owner = stored.owner if owned else None


def ext(version):
    def make(path, size, folder, files, random):
        words = ["mke2fs", "-q", "-F", "-t", version, "-L", "papers", "-U", "11111111-2222-3333-4444-555555555555"]
        by_mounting(path, size, words, folder, files, random)
    return make


def xfs(path, size, folder, files, random):
    by_mounting(path, size, ["mkfs.xfs", "-q", "-f", "-L", "papers"], folder, files, random)


def ntfs(path, size, folder, files, random):
    words = ["mkntfs", "-q", "-F", "-f", "-L", "PAPERS"]
    with path.open("wb") as opened:
        opened.truncate(size)
    call(*words, path)
    with mounted(path, "ntfs-3g", "-o", "streams_interface=windows") as root:
        live_and_deleted(root, folder, files, random, False)
        kept = next(stored for stored in files if not stored.deleted)
        # A second stream, as browsers and viruses leave them.
        (root / f"{kept.path}:Zone.Identifier").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    for stored in files:
        stored.owner = None


def exfat(path, size, folder, files, random):
    """exfat-fuse takes devices alone."""
    with path.open("wb") as opened:
        opened.truncate(size)
    call("mkfs.exfat", "-L", "PAPERS", path)
    if os.geteuid():
        raise Unable("only root can mount")
    device = call("losetup", "--find", "--show", path).decode().strip()
    try:
        with mounted(path, "mount.exfat-fuse", source=device) as root:
            live_and_deleted(root, folder, files, random, False)
    finally:
        call("losetup", "-d", device)
    for stored in files:
        stored.owner = None


def fat(bits):
    """Without mounting: mtools writes and deletes as a camera or a printer does."""
    def make(path, size, folder, files, random):
        with path.open("wb") as opened:
            opened.truncate(size)
        call("mkfs.fat", "-F", bits, "-n", "PAPERS", "-i", "2026ABCD", path)
        env = {"MTOOLS_SKIP_CHECK": "1"}
        seen = set()
        for stored in files:
            stored.owner = None
            for parent in reversed(Path(stored.path).parents):
                if str(parent) != "." and parent not in seen:
                    seen.add(parent)
                    call("mmd", "-i", path, f"::{parent}", env=env)
            call("mcopy", "-Q", "-i", path, folder / stored.sample.name, f"::{stored.path}", env=env)
        for stored in random.sample(files, len(files) * 2 // 5):
            stored.deleted = True
            call("mdel", "-i", path, f"::{stored.path}", env=env)
    return make


def packed(*words, folder_first=True):
    """Made from a folder in one go: nothing is deleted in it."""
    def make(path, size, folder, files, random):
        root = path.with_suffix(".root")
        root.mkdir()
        try:
            for stored in files:
                copy_in(root, folder, stored, not os.geteuid())
            ready = [str(word).replace("{root}", str(root)).replace("{out}", str(path)) for word in words]
            call(*ready, env={"SOURCE_DATE_EPOCH": "1750000000"})
        finally:
            shutil.rmtree(root)
    return make


ISO = packed("xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", "PAPERS", "-o", "{out}", "{root}")
SQUASHFS = packed("mksquashfs", "{root}", "{out}", "-noappend", "-quiet", "-no-progress")
SQUASHFS_XZ = packed("mksquashfs", "{root}", "{out}", "-noappend", "-quiet", "-no-progress", "-comp", "xz")
SQUASHFS_ZSTD = packed("mksquashfs", "{root}", "{out}", "-noappend", "-quiet", "-no-progress", "-comp", "zstd")
JFFS2 = packed("mkfs.jffs2", "-r", "{root}", "-o", "{out}", "-e", "128KiB", "-l", "-n", "-p", "-q")
UBIFS = packed("mkfs.ubifs", "-r", "{root}", "-o", "{out}", "-m", "2048", "-e", "126976", "-c", "1000", "-x", "zlib")
