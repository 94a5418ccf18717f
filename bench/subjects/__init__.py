"""What is measured, one subject a file; each gives rows for the table."""
