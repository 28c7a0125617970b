"""What the tests use and no test is in: servers, projects, commands, documents, and sets of cases."""
