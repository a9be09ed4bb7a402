"""What messages say beside a name that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_name(name: object, known: Iterable[str]) -> str:
    """The end of a message, which asks for the known name that is nearest; nothing where none is near."""
    close = get_close_matches(str(name), list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
