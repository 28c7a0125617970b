"""Tests of the modules in pydb/generate."""
