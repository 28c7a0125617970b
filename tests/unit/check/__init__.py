"""Tests of the modules in pydb/check."""
