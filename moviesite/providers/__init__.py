"""Outside systems, one module each. Everything that leaves this package is in our own words."""
