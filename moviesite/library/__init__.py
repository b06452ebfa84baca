"""What somebody does with movies: keeps, watches, likes, votes, mutes."""
