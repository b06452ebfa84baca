"""Bringing along what one has elsewhere, and taking along what one has here."""
