"""Favorites that people keep on TMDb itself."""
