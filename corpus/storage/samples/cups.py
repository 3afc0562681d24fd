"""A CUPS of its own, reached by a socket in a folder: its control files, and a driver that only works below it."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from content.pages import Job
from samples import drivers
from samples.workshop import Failed

SETTINGS = """Listen {base}/run/sock
LogLevel warn
Browsing Off
WebInterface No
DefaultAuthType None
PreserveJobHistory Yes
PreserveJobFiles Yes
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
FILES = """FileDevice Yes
ServerRoot {base}/root
RequestRoot {base}/spool
CacheDir {base}/cache
StateDir {base}/run
AccessLog {base}/log/access
ErrorLog {base}/log/error
PageLog {base}/log/page
ServerBin /usr/lib/cups
DataDir /usr/share/cups
User nobody
Group nogroup
SystemGroup root
"""


def make(shop, scale):
    shop.tool("cupsd"), shop.tool("lp"), shop.tool("lpadmin")
    if os.geteuid():
        raise Failed("only root can run cupsd")
    # A socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="storage-cups-") as base:
        with Running(shop, Path(base)) as server:
            jobs(shop, server, max(2, round(9 * scale)))


class Running:
    def __init__(self, shop, base):
        self.shop, self.base, self.env = shop, base, {"CUPS_SERVER": f"{base}/run/sock"}

    def __enter__(self):
        self.base.chmod(0o755)
        for name in ["root", "spool", "cache", "run", "log", "out"]:
            (self.base / name).mkdir()
        for name, text in [("cupsd.conf", SETTINGS), ("files.conf", FILES)]:
            (self.base / name).write_text(text.format(base=self.base))
        words = [self.shop.tool("cupsd"), "-f", "-c", self.base / "cupsd.conf", "-s", self.base / "files.conf"]
        said = (self.base / "log/said").open("w")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self.until(lambda: (self.base / "run/sock").exists())
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    def until(self, done, seconds=40):
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end or self.process.poll() is not None:
                raise Failed("cupsd did not do its part: " + (self.base / "log/said").read_text()[-200:])
            time.sleep(0.05)

    def settled(self, count):
        spool = self.base / "spool"
        idle = lambda: not self.shop.run("lpstat", "-o", env=self.env).strip()
        self.until(lambda: len(list(spool.glob("c0*"))) == count and idle())


def jobs(shop, server, count):
    queues = ["archive"]
    shop.run("lpadmin", "-p", "archive", "-v", f"file://{server.base}/out/archive", "-E", "-m", "raw", env=server.env)
    escpr = shop.attempt(drivers.printer, "escpr", "Epson-L1110_Series")
    if escpr:
        queues.append("epson")
        device = f"file://{server.base}/out/epson"
        shop.run("lpadmin", "-p", "epson", "-P", escpr, "-v", device, "-E", env=server.env)
    made = []
    for number in range(1, count + 1):
        queue = queues[number % len(queues)]
        job = Job(shop.random, 1, ["text", "drawing"][number % 2])
        if queue == "epson":
            (server.base / "out/epson").unlink(missing_ok=True)
        source = drivers.pdf(shop, job)
        shop.run("lp", "-d", queue, "-U", job.user, "-t", f"{job.title} {job.marks[0]}", source, env=server.env)
        server.settled(number)
        made.append(job)
        if queue == "epson":
            facts = {"title": job.title, "pages": 1}
            shop.attempt(taken, f"epson-{number}", server.base / "out/epson", facts)
    # What the server keeps in mind it writes when it ends.
    server.__exit__()
    for number, job in enumerate(made, 1):
        facts = {"title": f"{job.title} {job.marks[0]}", "user": job.user}
        shop.keep(f"c{number:05}", "cups-control", server.base / f"spool/c{number:05}", "cupsd", job.marks, **facts)


def taken(shop, name, path, facts):
    shop.keep(name, "escp-r", path, "epson-inkjet-printer-escpr", **facts)
