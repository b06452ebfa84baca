"""The application without its in-process layer: each kept answer comes from Redis."""

from moviesite.app import create_app

app = create_app()
app.extensions["response_cache"].near = None
