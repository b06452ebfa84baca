"""What mails say: the words of one file in two shapes. Sends nothing and reads no request."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from moviesite.providers.mail import Mail


class Kind(StrEnum):
    """Every mail there is; its words are in `templates/emails/<kind>.txt`."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    CHANGE_ADDRESS = "change_address"
    ADDRESS_ASKED = "address_asked"
    ADDRESS_CHANGED = "address_changed"
    CONFIRM_IDENTITY = "confirm_identity"
    IDENTITY_LINKED = "identity_linked"


# Pages that mails lead to.
PATHS = {
    Kind.VERIFY_EMAIL: "/verify-email",
    Kind.RESET_PASSWORD: "/reset-password",
    Kind.PASSWORD_CHANGED: "/forgot-password",
    Kind.CHANGE_ADDRESS: "/verify-email",
    Kind.ADDRESS_ASKED: "/forgot-password",
    Kind.ADDRESS_CHANGED: "/account",
    Kind.CONFIRM_IDENTITY: "/account/confirm",
    Kind.IDENTITY_LINKED: "/account",
}

_templates = Environment(
    loader=PackageLoader("moviesite", "templates/emails"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Paragraph(NamedTuple):
    """Some words, or the words of a link."""

    words: str
    link: str = ""


def write(kind: Kind, to: str, *, name: str, base_url: str, token: str = "") -> Mail:
    """The mail of this kind; `name` is empty for somebody whose address is not confirmed.

    A stranger may have chosen that name, and mail programs turn `evil.example` into a link.
    Links begin with `base_url` and nothing else.
    """
    link = base_url + PATHS[kind] + (f"?{urlencode({'token': token})}" if token else "")
    facts = {"site": urlsplit(base_url).netloc, "base_url": base_url, "name": name, "link": link}
    return worded(str(kind), to, facts)


def worded(template: str, to: str, facts: Mapping[str, str]) -> Mail:
    """The mail of `templates/emails/<template>.txt`: a subject, then paragraphs.

    A paragraph whose second line is the fact `link` becomes that link's words.
    """
    words = _templates.get_template(f"{template}.txt").render(facts)
    subject, *blocks = re.split(r"\n\s*\n", words.strip())
    paragraphs = [_paragraph(block, facts["link"]) for block in blocks]
    html = _templates.get_template("message.html")
    return Mail(
        to=to,
        subject=subject,
        text="\n\n".join(blocks) + "\n",
        html=html.render(facts, subject=subject, paragraphs=paragraphs),
    )


def _paragraph(block: str, link: str) -> Paragraph:
    words, _, rest = block.partition("\n")
    return Paragraph(words.rstrip(":"), link) if rest == link else Paragraph(block)
