"""What the site needs from each engine: a file for each engine."""
