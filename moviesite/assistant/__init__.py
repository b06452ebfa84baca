"""Wishes in people's own words: read by rules, shown as filters, answered with films."""
