"""What the fixtures do differently on each engine: a file or two an engine."""
