"""The parts of describe for each engine: its sessions, catalogue, facts and changes."""
