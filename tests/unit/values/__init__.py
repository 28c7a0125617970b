"""Tests of the modules in pydb/values."""
