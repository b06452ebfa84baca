"""People: who they are, how they show it, and where they are signed in."""
