"""Lists of movies: made, ordered by hand, followed, cloned, and shared by links."""
