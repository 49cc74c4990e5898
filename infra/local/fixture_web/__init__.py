"""Simulates the public sources that the score function queries: see README.md."""
