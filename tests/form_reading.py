"""What a browser would send of a form that nothing was typed into."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action = action
        self._inside = False
        self._select = ""
        self._area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attrs)
        if tag == "form":
            self._inside = said.get("action") == self._action
        if not self._inside:
            return
        if tag == "input" and said.get("name"):
            self._note_input(said)
        elif tag == "select":
            self._select = said["name"]
        elif tag == "textarea":
            self._area = self.fields.setdefault(said["name"], [])
            self._area.append("")
        elif tag == "option" and ("selected" in said or self._select not in self.fields):
            self.fields[self._select] = [said.get("value") or ""]

    def _note_input(self, said: dict[str, Any]) -> None:
        if said.get("type") not in ("checkbox", "radio") or "checked" in said:
            self.fields.setdefault(said["name"], []).append(said.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # Browsers drop the line break that follows the tag, and send the others as two.
            data = data.removeprefix("\n") if not self._area[-1] else data
            self._area[-1] += data.replace("\n", "\r\n")


def form_of(page: str, action: str) -> dict[str, list[str]]:
    """The fields of the form of a page that is sent to `action`, with their values."""
    reading = _Form(action)
    reading.feed(page)
    assert reading.fields, f"no form for {action}"
    return reading.fields
