"""The benchmark: pydb, the raw drivers and the peers in, a table of medians and ratios out.  ``make bench``."""
