"""Call every proven statement: a generated package and a database in; the calls that break the signatures out."""

from pydb.prove.calls import prove_calls
from pydb.prove.report import Broken, LawReport, Unproven, lines_of

__all__ = ["Broken", "LawReport", "Unproven", "lines_of", "prove_calls"]
