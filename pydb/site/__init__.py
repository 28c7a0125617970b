"""A static site of a project's tables and statements: what check, usage and prove know in; HTML, CSS and SVG out."""
