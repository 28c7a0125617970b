"""What describe asks each engine: its session, its catalogue, its facts."""
