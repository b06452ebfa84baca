"""Forms of the pages of an account."""

from moviesite.accounts.passwords import LONGEST, SHORTEST
from moviesite.web import page_forms


class Form(page_forms.Form):
    """A form that may ask for a password."""

    plainly = {  # noqa: RUF012 - declared where it is inherited from
        **page_forms.Form.plainly,
        f"Length must be between {SHORTEST} and {LONGEST}.": (
            f"Passwords have {SHORTEST} to {LONGEST} characters."
        ),
    }
