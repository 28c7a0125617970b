"""Review a change to a project's SQL: two versions in; a Review, as objects and as text, out.  No statement is run."""
