"""Files that people hand in, as names and texts: archives are unfolded, bytes decoded. Pure.

Nothing is written to a disk, nothing inside of an archive is believed about its size, and an
archive in an archive is not opened.
"""

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from moviesite.transfer.entries import Gathering, refused

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 600
# Of the list of contents alone: each takes memory before any file is opened.
_MOST_NAMES = 2000
_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_USUAL_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, RuntimeError, NotImplementedError, OverflowError),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Letters in the first line that no program writes there.
_NO_TEXT = re.compile(r"[^\r\n]*[\x00-\x08\x0e-\x1f]")
# What Letterboxd puts beside the films, or keeps of what was taken back.
_LEFT_OUT_FOLDERS = {"deleted", "orphaned"}
_LEFT_OUT = {"comments.csv", "profile.csv"}


def is_archive(name: str, content: bytes) -> bool:
    """Whether it is a zip, or is called one."""
    return content.startswith(_STARTS) or name.lower().endswith(".zip")


def unfolded(content: bytes, gathering: Gathering) -> Iterator[tuple[str, bytes]]:
    """Paths and contents of the files of an archive that may tell of films.

    Raises InvalidInput for an archive that is damaged, encrypted, or holds more than 20 MB in
    these files; says in `gathering` where there are more than 600 of them.
    """
    if content.count(b"PK\x01\x02") > _MOST_NAMES:
        raise refused("There are too many files in this archive.")
    try:
        yield from _unfolded(content, gathering)
    except _DAMAGE as error:
        raise refused("This archive is damaged or packed in an unusual way.") from error


def _unfolded(content: bytes, gathering: Gathering) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    with zipfile.ZipFile(BytesIO(content)) as archive:
        wanted = [one for one in archive.infolist() if _may_tell(one.filename)]
        if len(wanted) > MOST_FILES:
            gathering.say(f"Only {MOST_FILES} of {len(wanted)} files in the archive were read.")
        for one in wanted[:MOST_FILES]:
            if one.flag_bits & _ENCRYPTED:
                raise refused("This archive is encrypted. Unpack it and import its files.")
            if one.compress_type not in _USUAL_PACKING:
                raise NotImplementedError
            with archive.open(one) as packed:
                inner = packed.read(left + 1)
            left -= len(inner)
            if left < 0:
                raise refused("The files in this archive are larger than 20 MB.")
            yield one.filename.replace("\\", "/"), inner


def _may_tell(path: str) -> bool:
    *folders, name = path.replace("\\", "/").lower().split("/")
    if not name.endswith((".csv", ".json")) or name.startswith(".") or "__macosx" in folders:
        return False
    if name in _LEFT_OUT:
        return False
    if name.endswith(".json"):
        return True
    liked = folders[-1:] == ["likes"]
    return not _LEFT_OUT_FOLDERS.intersection(folders) and (not liked or name == "films.csv")


def decoded(content: bytes) -> str:
    """The text of a file, by its byte order mark, else as UTF-8, else as Windows wrote it.

    Raises InvalidInput for nothing, for more than 20 MB and for what is no text.
    """
    if len(content) > MOST_BYTES:
        raise refused("This file is larger than 20 MB.")
    text = _decoded(content)
    if text is not None and not text.strip():
        raise refused("This file is empty.")
    if text is None or _NO_TEXT.match(text):
        raise refused("This is not a text file.")
    return text


def _decoded(content: bytes) -> str | None:
    marked = [(bom, name) for bom, name in _BOMS if content.startswith(bom)]
    bom, name = marked[0] if marked else (b"", "utf-8")
    for encoding in (name,) if marked else (name, "cp1252"):
        try:
            return content[len(bom) :].decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
