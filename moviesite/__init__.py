"""moviesite: a movie site and a JSON API on one model layer and one TMDb service."""
