"""Helpers for every other part: escaped text, similar words, files written completely or not at all, signals."""
