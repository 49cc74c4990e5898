"""The sample data set."""
