"""The verb of the audit log, under the roof of the feature that shows it."""

from moviesite.audit import COMMAND_LINE, Subject, differing, record

__all__ = ["COMMAND_LINE", "Subject", "differing", "record"]
