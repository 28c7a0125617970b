"""Python types and values: what goes in to a driver, what comes out of it, and records made of it."""
