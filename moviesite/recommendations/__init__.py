"""What a person may like next, and why. Fitting runs in workers; web processes only fold in."""
