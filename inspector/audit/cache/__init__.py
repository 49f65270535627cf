"""What is kept of files that were audited: figures to judge by again, so that a file is read once while it stays."""
