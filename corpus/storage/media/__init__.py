"""Media: images with samples in known places, and the truth beside them."""
