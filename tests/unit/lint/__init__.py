"""Tests of the modules in pydb/lint."""
