"""Tests of pydb; a package, so that two folders may each hold a module of the same name."""
