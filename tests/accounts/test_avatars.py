"""Pictures are told by their content, drawn anew, and go when nobody shows them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from moviesite.accounts import jobs, media, profile_service
from moviesite.config import current_config
from moviesite.database import WRITING
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.models import User
from tests.statements import counted

AVATAR = "/api/v1/me/avatar"


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


def upload(client: FlaskClient, content: bytes, name: str = "me.png", field: str = "avatar"):
    """Put together here: the test client would leave a file open for a large body."""
    said = f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    body = said.encode() + content + b"\r\n--edge--\r\n"
    return client.put(AVATAR, data=body, content_type="multipart/form-data; boundary=edge")


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    """Where pictures lie; emptied afterwards."""
    path = current_config().media_path
    yield path
    for file in path.glob("*"):
        file.unlink()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_square_that_browsers_keep(
    as_ada: FlaskClient, client: FlaskClient, folder: Path, kind: str
) -> None:
    answer = upload(as_ada, picture(kind), "whatever.txt")
    assert answer.status_code == 200
    address = answer.json["avatar_url"].removeprefix("http://127.0.0.1:8000")
    with client.get(address) as shown:
        content = BytesIO(shown.data)
    assert shown.status_code == 200
    assert shown.content_type == "image/webp"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=31536000" in shown.headers["Cache-Control"]
    assert "immutable" in shown.headers["Cache-Control"]
    image = Image.open(content)
    assert (image.format, image.size) == ("WEBP", (256, 256))


@pytest.mark.parametrize("side", [300, 1200])
def test_a_grey_picture_of_sixteen_bits_keeps_its_shades(
    as_ada: FlaskClient, client: FlaskClient, folder: Path, side: int
) -> None:
    grey = BytesIO()
    Image.new("I;16", (side, side), 0x8000).save(grey, "PNG")
    answer = upload(as_ada, grey.getvalue())
    assert answer.status_code == 200
    with client.get(answer.json["avatar_url"].removeprefix("http://127.0.0.1:8000")) as shown:
        drawn = Image.open(BytesIO(shown.data)).convert("L")
    assert abs(drawn.getpixel((128, 128)) - 0x80) <= 2


def test_whatever_else_was_in_the_file_is_gone(as_ada: FlaskClient, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "51.5074 N, 0.1278 W"
    loaded = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    upload(as_ada, loaded)
    [kept] = folder.iterdir()
    content = kept.read_bytes()
    assert b"script" not in content
    assert b"51.5074" not in content
    assert not Image.open(BytesIO(content)).getexif()


def test_a_turned_photograph_is_turned_back(as_ada: FlaskClient, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (200, 200), "white")
    image.paste("black", (0, 0, 200, 100))
    made = BytesIO()
    image.save(made, "JPEG", exif=exif)
    upload(as_ada, made.getvalue())
    [kept] = folder.iterdir()
    shown = Image.open(kept).convert("L")
    assert shown.getpixel((240, 128)) < 60 < 200 < shown.getpixel((15, 128))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        picture()[:200],
        picture("JPEG")[:300],
        picture("TIFF"),
        picture("BMP"),
        b"GIF89a" + b"\xff" * 50,
        os.urandom(2 * 1024 * 1024 + 1),
        picture("PNG", (6000, 6000)),
    ],
    ids=[
        *("empty", "text", "SVG", "broken PNG", "half a PNG", "half a JPEG", "TIFF", "BMP"),
        *("broken GIF", "more than 2 MB", "a bomb"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_kept(
    as_ada: FlaskClient, folder: Path, content: bytes
) -> None:
    answer = upload(as_ada, content)
    assert answer.status_code == 422
    assert answer.json["errors"]["files"]["avatar"]
    assert list(folder.glob("*")) == []


# Eight at once, in a process of their own: what it then took more than before, in megabytes.
TAKEN = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor
from moviesite.accounts.avatars import redrawn

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

content, before = sys.stdin.buffer.read(), most()
with ThreadPoolExecutor(8) as threads:
    assert all(threads.map(redrawn, [content] * 8))
print((most() - before) >> (20 if sys.platform == "darwin" else 10))
"""


@pytest.mark.parametrize(
    ("kind", "side"), [("PNG", 5000), ("GIF", 5000), ("JPEG", 5000), ("WEBP", 3600)]
)
def test_the_largest_pictures_leave_room_for_others(kind: str, side: int) -> None:
    content = picture(kind, (side, side))
    ran = subprocess.run([sys.executable, "-c", TAKEN], input=content, capture_output=True)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 250


def test_what_a_webp_may_have_is_told(as_ada: FlaskClient) -> None:
    answer = upload(as_ada, picture("WEBP", (4000, 4000)))
    assert answer.status_code == 422
    [said] = answer.json["errors"]["files"]["avatar"]
    assert "13 megapixels as WebP" in said


def test_a_body_beyond_all_bounds_is_not_read(as_ada: FlaskClient) -> None:
    assert upload(as_ada, b"x" * (4 * 2**20)).status_code == 413


def test_exactly_one_picture_is_taken(as_ada: FlaskClient, folder: Path) -> None:
    assert as_ada.put(AVATAR).status_code == 422
    assert as_ada.put(AVATAR, json={"avatar": "x"}).status_code == 422
    two = {"a": (BytesIO(picture()), "a.png"), "b": (BytesIO(picture()), "b.png")}
    assert as_ada.put(AVATAR, data=two).status_code == 422
    assert upload(as_ada, picture(), field="image").status_code == 200


def test_a_picture_is_looked_at_before_others_have_to_wait_for_it(ada: User) -> None:
    options = WRITING[db.engine.dialect.name]
    writing = db.engine.connect().execution_options(**options)
    with writing as other, other.begin(), pytest.raises(InvalidInput):
        profile_service.set_avatar(ada, b"no picture")


def test_the_picture_before_goes_at_once(as_ada: FlaskClient, folder: Path, ada: User) -> None:
    upload(as_ada, picture())
    [first] = folder.iterdir()
    upload(as_ada, picture())
    [second] = folder.iterdir()
    assert first != second
    assert as_ada.delete(AVATAR).status_code == 204
    assert as_ada.delete(AVATAR).status_code == 204
    assert list(folder.iterdir()) == []
    assert as_ada.get("/api/v1/me").json["avatar_url"] is None


def test_a_picture_leaves_with_its_account(as_ada: FlaskClient, folder: Path) -> None:
    upload(as_ada, picture())
    as_ada.delete("/api/v1/me", json={"password": "rain on the fourth of May"})
    assert list(folder.iterdir()) == []


def test_orphans_are_cleaned_up_and_what_is_shown_or_new_stays(
    as_ada: FlaskClient, folder: Path
) -> None:
    upload(as_ada, picture())
    [shown] = folder.iterdir()
    orphan, new = (folder / media.keep(b"x") for _ in range(2))
    long_ago = time.time() - 7200
    for file in (shown, orphan):
        os.utime(file, (long_ago, long_ago))
    for _ in range(2):
        jobs.cleanup_media()
        assert set(folder.iterdir()) == {shown, new}


def test_however_many_orphans_there_are_they_are_cleaned_up(
    as_ada: FlaskClient, folder: Path
) -> None:
    upload(as_ada, picture())
    [shown] = folder.iterdir()
    files = [shown, *(folder / f"{number:032x}.webp" for number in range(1200))]
    for file in files:
        file.touch()
        os.utime(file, (time.time() - 7200,) * 2)
    with counted() as statements:
        jobs.cleanup_media()
    assert list(folder.iterdir()) == [shown]
    # A database takes only so many values at once.
    assert len(statements) == 3


def test_cleaning_up_before_anybody_uploaded_is_no_trouble(app: Flask) -> None:
    jobs.cleanup_media()


def test_a_file_that_goes_while_the_folder_is_read_is_no_trouble(app: Flask, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    going = folder / f"{0:032x}.webp"
    going.symlink_to(folder / "gone.webp")  # listed, and not there when it is looked at
    jobs.cleanup_media()


@pytest.mark.parametrize(
    "name", ["nothing.webp", "..%2Fsecret_key", "%2e%2e/secret_key", "a" * 32 + ".webp", "%00"]
)
def test_only_pictures_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
