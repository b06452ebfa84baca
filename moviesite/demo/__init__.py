"""A stand-in for The Movie Database over a bundled catalogue. Imports nothing else of moviesite."""
