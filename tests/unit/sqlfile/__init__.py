"""Tests of ``pydb.sqlfile``, a file a module."""
