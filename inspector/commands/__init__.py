"""What the commands do, once `cli` has read the arguments: terminal in, reports and exit codes out."""
