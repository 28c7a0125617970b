"""Convert values: Python values in and driver values out, and driver values in and records out."""
