"""What a change to a project's SQL means: two versions in; a Review, as nouns and as text, out.  Nothing is run."""
