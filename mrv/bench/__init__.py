"""Benchmarks: the pipeline against the ways it would otherwise be done, on the same synthetic country."""
