"""The yardstick: a bare Flask route that returns constant bytes. Knows nothing of the product.

CONSTANT_SIZES names its routes and their bytes: `json=15000,home=84000`.
"""

import os
from collections.abc import Callable

from flask import Flask

app = Flask("constant")


def _view(body: bytes) -> Callable[[], bytes]:
    return lambda: body


for _entry in os.environ.get("CONSTANT_SIZES", "").split(","):
    _name, _, _size = _entry.partition("=")
    if _name:
        app.add_url_rule(f"/{_name}", _name, _view(b"x" * int(_size)))
