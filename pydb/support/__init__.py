"""Helpers that every other part may import: escaped text, similar words, sets of files, signals."""
