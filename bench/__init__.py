"""The benchmark, run by ``make bench``: pydb, drivers and other libraries in, a table of medians and ratios out."""
