"""The law that what is proven runs: a generated package and a database in, calls made, what broke the law out."""

from pydb.prove.calls import prove_calls
from pydb.prove.report import Broken, LawReport, Unproven, lines_of

__all__ = ["Broken", "LawReport", "Unproven", "lines_of", "prove_calls"]
