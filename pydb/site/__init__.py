"""Make a static site of a project's tables and statements: results of check, usage and prove in; HTML, CSS, SVG out."""
