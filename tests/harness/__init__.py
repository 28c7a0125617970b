"""Helpers that tests share: servers, projects, commands, documents, and sets of cases."""
