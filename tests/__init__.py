"""Tests of pydb.  They are a package, so that two folders may contain modules with the same name."""
