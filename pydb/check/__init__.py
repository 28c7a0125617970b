"""Prove every statement against real databases: a project in, findings and the number of proven statements out."""

from pydb.check.codes import CODES
from pydb.check.project import CheckReport, Inputs, check

__all__ = ["CODES", "CheckReport", "Inputs", "check"]
