"""Static files under an address that changes with their content, so that browsers keep them."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

STATIC_ROOT = Path(__file__).parent.parent / "static"
_FOREVER = 365 * 86400


def init_app(app: Flask) -> None:
    """Serve `static/` below a prefix named after the whole tree's content.

    One name for the tree keeps relative addresses inside style sheets right.
    """
    prefix = f"/static/{tree_version(STATIC_ROOT)}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(STATIC_ROOT), prefix=prefix, max_age=_FOREVER, autorefresh=app.debug
    )
    app.add_template_global(lambda path: prefix + path, "static")


def tree_version(root: Path) -> str:
    """Ten characters that change when any file below `root` does."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        # Compressed copies are made from the files and would only change the name once made.
        if file.is_file() and file.suffix not in (".br", ".gz"):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
