"""Which media there are, and what each holds."""

import random
from contextlib import contextmanager

from media import blank, containers, disk, known, systems
from media.raw import Area, fill
from media.truth import Truth

MIB = 1 << 20


class Studio:
    def __init__(self, folder, seed, samples):
        self.folder, self.seed, self.all = folder, seed, samples
        self.samples = folder / "samples"
        self.said = []

    def random(self, name):
        return random.Random(f"{self.seed} {name}")

    def choose(self, name, count, most=2 * MIB, used=None):
        """Samples for a medium: as many kinds as there is room for. What stands in `used` is not taken again."""
        used = set() if used is None else used
        fitting = [sample for sample in self.all if sample.bytes <= most and sample.name not in used]
        self.random(name).shuffle(fitting)
        seen, ranked = {}, []
        for sample in fitting:
            seen[sample.kind] = seen.get(sample.kind, 0) + 1
            ranked.append((seen[sample.kind], len(ranked), sample))
        chosen = [sample for _, _, sample in sorted(ranked, key=lambda one: one[:2])][:count]
        used.update(sample.name for sample in chosen)
        return chosen

    @contextmanager
    def image(self, name, size, form="raw"):
        truth, path = Truth(f"{name}.img", self.seed, form), self.folder / f"{name}.img"
        try:
            with path.open("wb+") as opened:
                opened.truncate(size)
                yield path, opened, truth
            truth.check(path, self.samples)
            truth.write(self.folder / f"{name}.json", path.stat().st_size)
        except systems.Unable as reason:
            path.unlink(missing_ok=True)
            self.said.append(f"{name}: {reason}")
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def attempt(self, what, make):
        try:
            make()
        except systems.Unable as reason:
            self.said.append(f"{what}: {reason}")

    def area(self, name, opened, truth, start, end):
        return Area(opened, truth, self.samples, self.random(name), start, end)


def raw(studio, name, size, samples, baits, know=False):
    """No table, no file system: a spool partition, or what is left when they are gone."""
    with studio.image(name, size) as (_, opened, truth):
        area = studio.area(name, opened, truth, 0, size)
        left = fill(area, samples, baits)
        if know:
            known.plant(studio, area, samples)
        truth.record["notes"].append(f"{len(left)} samples found no room")


def disks(studio, name, parts, table, baits=0):
    """Parts of (file system or None for a raw area, MiB, how many files)."""
    at, plan = MIB, []
    for system, size, count in parts:
        plan.append([at, size * MIB, system, count])
        at += size * MIB
    size = at + MIB
    random = studio.random(name)
    with studio.image(name, size) as (path, opened, truth):
        stores, used = [], set()
        for number, (start, length, system, count) in enumerate(plan, 1):
            if system is None:
                chosen = studio.choose(f"{name}{number}", count, length // 32, used)
                area = studio.area(f"{name}{number}", opened, truth, start, start + length)
                area.remains = min(2 * MIB, length // 400)
                fill(area, chosen, baits or count // 2)
                stores.append([])
            else:
                stored, _ = partition(studio, f"{name}-{number}", system, length, count, opened, start, used)
                stores.append(stored)
        ready = [(start, length, system) for start, length, system, _ in plan]
        if table == "gpt":
            disk.gpt(opened, size, [(*one, f"part {n}") for n, one in enumerate(ready, 1)], random)
        elif table == "mbr":
            disk.mbr(opened, ready)
        opened.flush()
        for number, ((start, length, system), stored) in enumerate(zip(ready, stores), 1):
            live = disk.tell(path, truth, studio.samples, stored, system, start, length, number)
            truth.partition(number=number, scheme=table, start=start, bytes=length,
                            file_system=named(system), files=live, deleted=sum(one.deleted for one in stored))


def named(system):
    return system and system.split("-")[0]


def partition(studio, name, system, length, count, opened, start, used=None):
    path, random = studio.folder / f"{name}.part", studio.random(name)
    most = min(2 * MIB, length // 12)
    chosen, total = [], 0
    for sample in studio.choose(name, count, most, used):
        total += sample.bytes
        if total > length * 0.6:
            break
        chosen.append(sample)
    stored = list(systems.tree(chosen, random))
    [(_, make)] = disk.systems_of([system])
    try:
        make(path, length, studio.samples, stored, random)
        used = disk.lay(opened, path, start)
        if used > length:
            raise systems.Unable(f"{system} takes {used} of {length}")
    finally:
        path.unlink(missing_ok=True)
    return stored, used


def alone(studio, name, system, size, count):
    """A file system that fills a medium without any table: a card, a chip, a disc."""
    with studio.image(name, 0) as (path, opened, truth):
        stored, used = partition(studio, name, system, size * MIB, count, opened, 0)
        used = max(used, 4096)
        opened.truncate(used)
        opened.flush()
        live = disk.tell(path, truth, studio.samples, stored, system, 0, used, 0)
        truth.partition(number=0, scheme="none", start=0, bytes=used, file_system=named(system), files=live,
                        deleted=sum(one.deleted for one in stored))


def bench(studio):
    """As the disk of a printer: its system, its jobs, and a large area that is used without a file system."""
    parts = [("squashfs", 24, 20), ("fat32", 160, 30), ("ext4", 420, 90), (None, 1440, 300)]
    disks(studio, "printer", parts, "gpt", baits=220)


def everything(studio, size):
    if size == "bench":
        return bench(studio)
    small = size == "tiny"
    raw(studio, "raw-1", (64 if small else 256) * MIB, studio.choose("raw-1", 30 if small else 240, 4 * MIB), 20 if small else 220, know=True)
    if small:
        return
    raw(studio, "raw-2", 192 * MIB, studio.choose("raw-2", 200, 2 * MIB), 200)
    disks(studio, "linux", [("ext4", 96, 70), ("ext2", 48, 40), ("ext3", 48, 40), (None, 48, 30)], "mbr")
    disks(studio, "desk", [("fat32", 96, 60), ("ntfs", 96, 70), ("exfat", 64, 40), ("fat16", 24, 30)], "gpt")
    for name, system, room, count in [
        ("ext4", "ext4", 64, 50), ("ntfs", "ntfs", 64, 50), ("fat32", "fat32", 64, 50), ("fat16", "fat16", 24, 30),
        ("fat12", "fat12", 4, 20), ("exfat", "exfat", 32, 30), ("xfs", "xfs", 320, 60), ("iso", "iso9660", 64, 50),
        ("squashfs", "squashfs", 64, 50), ("squashfs-xz", "squashfs-xz", 64, 30),
        ("squashfs-zstd", "squashfs-zstd", 64, 30), ("jffs2", "jffs2", 32, 30), ("ubifs", "ubifs", 64, 40),
    ]:
        alone(studio, name, system, room, count)
    containers.all_of(studio, "ext4")
    containers.chip(studio, "jffs2", ecc=True)
    containers.chip(studio, "fat16", ecc=False)
    blank.all_of(studio)
