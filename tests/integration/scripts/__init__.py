"""Schema scripts that reach beyond their database, and scripts that only look so, an engine a module."""
