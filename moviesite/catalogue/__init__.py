"""Movies and people: what TMDb says of them, live and stored."""
