"""The same medium as examiners and machines keep it: E01, qcow2, in parts, and a chip's dump with spare areas."""

import json
import shutil

from media.systems import call

PAGE, SPARE = 2048, 64


def all_of(studio, name):
    """Made from the image `name`, whose truth they share."""
    if not (studio.folder / f"{name}.img").exists():
        return
    for make in (ewf, qcow2, parts):
        studio.attempt(f"{name} as {make.__name__}", lambda: make(studio, name))


def truth(studio, name, image, form, **facts):
    record = json.loads((studio.folder / f"{name}.json").read_text())
    record |= {"image": image, "form": form} | facts
    stem = image.replace(".img", "")
    (studio.folder / f"{stem}.json").write_text(json.dumps(record, ensure_ascii=False, indent=1))


def ewf(studio, name):
    source, target = studio.folder / f"{name}.img", studio.folder / f"{name}-ewf"
    call("ewfacquire", "-u", "-q", "-t", target, "-f", "encase6", "-c", "deflate:fast", "-S", "8MiB", "-C", "2026-17",
         "-D", "Printer of the second floor", "-e", "A. Examiner", "-E", "E1", "-N", "as found", "-m", "fixed",
         "-M", "physical", "-l", "/dev/null", source)
    truth(studio, name, f"{name}-ewf.E01", "ewf", examiner="A. Examiner")


def qcow2(studio, name):
    source, target = studio.folder / f"{name}.img", studio.folder / f"{name}-packed.qcow2"
    call("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", source, target)
    truth(studio, name, target.name, "qcow2")


def parts(studio, name):
    source, target = studio.folder / f"{name}.img", studio.folder / f"{name}-parts"
    call("split", "-b", "20000000", "-a", "3", "--numeric-suffixes=1", source, f"{target}.")
    truth(studio, name, f"{target.name}.001", "split")


def chip(studio, name, ecc):
    """A NAND chip read out with its spare areas: bad-block marks, and the code of Linux's driver where `ecc`."""
    source, out = studio.folder / f"{name}.img", f"{name}-chip{'-ecc' if ecc else ''}.img"
    if not source.exists():
        return
    with source.open("rb") as read, (studio.folder / out).open("wb") as write:
        while page := read.read(PAGE):
            page = page.ljust(PAGE, b"\xff")
            code = hamming(page) if ecc and page.strip(b"\xff") else b"\xff" * 24
            write.write(page + b"\xff" * (SPARE - 24) + code)
    truth(studio, name, out, "flash", page=PAGE, spare=SPARE)


ODD = bytes(bin(byte).count("1") & 1 for byte in range(256))
# Which parities of columns a byte has: cp0 to cp5, as bits.
COLUMNS = [sum(ODD[byte & mask] << at for at, mask in enumerate([0x55, 0xAA, 0x33, 0xCC, 0x0F, 0xF0]))
           for byte in range(256)]


def hamming(page):
    """Three bytes for every 256: parities of lines and columns, inverted, as SmartMedia cards have them."""
    code = bytearray()
    for start in range(0, len(page), 256):
        columns = odd = lines = 0
        for index, byte in enumerate(page[start:start + 256]):
            columns ^= COLUMNS[byte]
            if ODD[byte]:
                odd ^= 1
                lines ^= index
        pairs = 0
        for bit in range(8):
            high = lines >> bit & 1
            pairs |= (high << 1 | (odd ^ high)) << (2 * bit)
        code += bytes([~(pairs & 0xFF) & 0xFF, ~(pairs >> 8) & 0xFF, ~(columns << 2 | 0) & 0xFF | 3])
    return bytes(code)


def copy(studio, name, new):
    shutil.copyfile(studio.folder / f"{name}.img", studio.folder / f"{new}.img")
