"""Run statements: a Definition, a connection and parameters in, the result that the header declares out."""
