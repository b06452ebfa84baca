"""What every HTML and JSON door shares. No queries, no features."""
