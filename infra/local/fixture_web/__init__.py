"""A stand-in for the public sources that the score function asks: see README.md."""
