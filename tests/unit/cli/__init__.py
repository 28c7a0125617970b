"""Tests of the modules in pydb/cli."""
