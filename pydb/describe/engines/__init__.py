"""The engines' parts of describe: session, catalogue and facts."""
