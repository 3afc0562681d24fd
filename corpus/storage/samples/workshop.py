"""Where samples are made: every producer gets a folder and a random source of its own."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

PLACES = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]


@dataclass
class Sample:
    name: str
    kind: str
    producer: str
    bytes: int
    sha256: str
    # Made by hand after a format's specification, because no program that makes it is at hand.
    synthetic: bool = False
    title: str | None = None
    user: str | None = None
    host: str | None = None
    pages: int | None = None
    encrypted: bool = False
    marks: list = field(default_factory=list)
    # Whether its last byte can be told from what follows: plain text has no end of its own.
    ends: bool = True


class Missing(Exception):
    """A program that a producer needs is not installed."""


class Failed(Exception):
    """A program that a producer started did not do what it should."""


class Workshop:
    def __init__(self, name, seed, folder):
        self.name, self.seed = name, seed
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.kept = folder.parent / "samples"
        self.kept.mkdir(exist_ok=True)
        self.random = random.Random(f"{seed} {name}")
        self.samples = []
        self.said = []

    def tool(self, name):
        found = shutil.which(str(name), path=os.pathsep.join(PLACES))
        if not found:
            raise Missing(name)
        return found

    def run(self, *words, input=None, env=None, timeout=240):
        """Runs a program in the producer's folder, and gives what it wrote to its output."""
        words = [self.tool(words[0]), *map(str, words[1:])]
        own = {"PATH": os.pathsep.join(PLACES), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        own |= {"SOURCE_DATE_EPOCH": "1750000000", "TZ": "UTC", "TMPDIR": str(self.folder)}
        started = subprocess.Popen(
            words, cwd=self.folder, env=own | (env or {}), stdin=subprocess.PIPE if input is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )
        try:
            out, errors = started.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            # What it started in turn would stay.
            os.killpg(started.pid, signal.SIGKILL)
            started.communicate()
            raise
        if started.returncode:
            last = errors.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Failed(f"{' '.join(words)[:120]}: {started.returncode}: {last}")
        return out

    def keep(self, name, kind, content, program, planted=(), **facts):
        """Takes a finished file: bytes, or a path. What is empty is a failure of its producer."""
        from samples import marks

        content = content if isinstance(content, (bytes, bytearray)) else Path(content).read_bytes()
        if not content:
            raise Failed(f"{self.name}: {name} is empty")
        name = f"{self.name}-{name}"
        (self.kept / name).write_bytes(content)
        found = marks.inside(kind, bytes(content), planted)
        digest = hashlib.sha256(content).hexdigest()
        sample = Sample(name, kind, program, len(content), digest, marks=found, **facts)
        self.samples.append(sample)
        return sample

    def attempt(self, make, *arguments):
        """One sample that cannot be made does not take the others with it; it is said."""
        try:
            return make(self, *arguments)
        except (Missing, Failed, subprocess.TimeoutExpired, OSError) as error:
            self.said.append(f"{self.name}: {type(error).__name__}: {error}")


def make_all(folder, seed, producers, scale):
    """Runs every producer, two at a time, and writes the list of what there is."""
    rooms = folder / "rooms"
    shutil.rmtree(rooms, ignore_errors=True)
    rooms.mkdir(parents=True)
    shops = [(Workshop(name, seed, rooms), make) for name, make in producers]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: job[0].attempt(job[1], scale), shops))
    shutil.rmtree(rooms)
    samples, seen = [], set()
    for sample in (sample for shop, _ in shops for sample in shop.samples):
        if sample.sha256 not in seen:
            seen.add(sample.sha256)
            samples.append(sample)
    skipped = [line for shop, _ in shops for line in shop.said]
    record = {"seed": seed, "samples": [asdict(sample) for sample in samples], "skipped": skipped}
    (folder / "samples.json").write_text(json.dumps(record, ensure_ascii=False, indent=1))
    return samples, skipped
