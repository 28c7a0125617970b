"""A Definition, a connection and parameters in; what the header promises out."""
