"""What every other part may use: escaped text, near words, files written all or none, signals."""
