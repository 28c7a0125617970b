"""What is proven runs: the machine of pydb.prove on the sample, on Chinook and on schemas of other kinds."""
