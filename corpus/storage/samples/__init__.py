"""Samples: real files of many kinds, made by the programs that offices use."""

from samples.workshop import Sample, Workshop, make_all

__all__ = ["Sample", "Workshop", "make_all"]
