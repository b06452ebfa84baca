"""What those who run the site can do, as the audit log names it and in words."""

from moviesite.audit import WORDS, Act

__all__ = ["WORDS", "Act"]
