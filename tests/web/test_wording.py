"""Pages and mails speak American English, of films, and with the marks that printers use."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2

import moviesite

TEMPLATES = Path(moviesite.__file__).with_name("templates")
MARKUP = re.compile(r"<(code|svg|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
NOT_AMERICAN = re.compile(
    r"\b(catalogue|cinema|certificate|programme|theatre|colour|favourite|behaviour|cancelled"
    r"|labelled|recognise|organise|whilst)",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    """The lines of every template, without markup and without what is filled in."""
    lexer = jinja2.Environment(autoescape=True)
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            tokens = lexer.lex(path.read_text())
            found = MARKUP.sub("", "".join(text for _, kind, text in tokens if kind == "data"))
            yield from ((path.name, line.strip()) for line in found.splitlines())


def lines_with(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(name, line) for name, line in texts() if pattern.search(line)]


def test_apostrophes_and_quotes_are_typographic() -> None:
    assert lines_with(re.compile(r"(?<=\w)'|'(?=\w)|(?<!=)\"(?=\w)")) == []


def test_words_are_american() -> None:
    assert lines_with(NOT_AMERICAN) == []


def test_what_is_watched_is_a_film() -> None:
    assert lines_with(re.compile(r"(?<!video\.)\bmovies?\b(?! Database)", re.IGNORECASE)) == []
