"""A project full of planted defects: each statement's documentation says what ``pydb check`` must find in it."""
