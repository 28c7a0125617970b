"""Tests of the modules in pydb/engines/mariadb."""
