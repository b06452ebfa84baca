"""The application for any WSGI server."""

from moviesite.app import create_app

app = create_app()
