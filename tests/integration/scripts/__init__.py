"""Schema scripts that reach beyond their database, and scripts that only look like that; a module for each engine."""
