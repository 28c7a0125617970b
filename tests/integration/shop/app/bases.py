"""What records inherit."""


class Greeting:
    """Says the name."""

    name: str

    def greet(self) -> str:
        """A greeting."""
        return f"hello {self.name}"
