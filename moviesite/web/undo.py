"""How an answer of the API says what takes its change back."""

from uuid import UUID


def undo_header(undo: UUID | str | None) -> dict[str, str]:
    """The header with the token that takes a change back; none where nothing was changed."""
    return {"Undo-Token": str(undo)} if undo else {}
