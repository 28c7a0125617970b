"""Tests of the modules in pydb/prove."""
