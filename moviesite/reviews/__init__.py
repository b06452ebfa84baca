"""What people say of movies."""
