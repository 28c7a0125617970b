"""Base classes of records."""


class Greeting:
    """A record that can say its name."""

    name: str

    def greet(self) -> str:
        """A greeting."""
        return f"hello {self.name}"
