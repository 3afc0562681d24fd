"""Files made by hand after the formats' specifications, because no program that makes them is at hand. All are labelled so."""

from samples.hand import documents, labels, printing, scans, spool


def make(shop, scale):
    for turn in range(max(1, round(4 * scale))):
        for part in (documents, labels, printing, scans, spool):
            for maker in part.MAKERS:
                shop.attempt(maker, turn)
