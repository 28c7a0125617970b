"""Tests of ``pydb.support``, a file a module."""
