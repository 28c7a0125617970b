"""The behaviours of the sample domain."""
