"""What people watch now."""
