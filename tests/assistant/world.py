"""A few names, as a catalogue may know them. For the rules alone: no database."""

import json
from pathlib import Path
from typing import Any

from moviesite.assistant.draft import Film
from moviesite.assistant.rules import Interpretation, read
from moviesite.assistant.vocabulary import FILLERS
from moviesite.text import fold

THIS_YEAR = 2026
FOLDER = Path(__file__).parent

PEOPLE = {
    "Keanu Reeves": 6384,
    "Christopher Nolan": 525,
    "Tom Hanks": 31,
    "Meg Ryan": 5344,
    "Al Pacino": 1158,
    "Robert De Niro": 380,
    "Michael Mann": 638,
    "Penélope Cruz": 955,
    "Hayao Miyazaki": 608,
    "Greta Gerwig": 45400,
    "Bong Joon Ho": 21684,
    "Agnès Varda": 6817,
    "Denzel Washington": 5292,
    "Uma Thurman": 139,
    "Quentin Tarantino": 138,
    "Sofia Coppola": 1769,
    "Tilda Swinton": 3063,
    "Bill Murray": 1532,
    "Akira Kurosawa": 5026,
    "Toshirō Mifune": 7450,
    "Wes Anderson": 5655,
    "Emma Stone": 54693,
    "Ryan Gosling": 30614,
    "Alfred Hitchcock": 2636,
    "Kate Winslet": 204,
    "Denis Villeneuve": 137427,
}
STRANGERS = {"Céline Sciamma": 1024395, "Apichatpong Weerasethakul": 69759, "Tilda Holland": 7}
KEYWORDS = {
    "heist": 10051,
    "robbery": 642,
    "time travel": 4379,
    "feel-good": 9799,
    "dinosaur": 12616,
    "zombie": 12377,
    "vampire": 3133,
    "space": 9882,
    "submarine": 339,
    "road trip": 7312,
    "high school": 6270,
    "chess": 15151,
    "coming of age": 10683,
    "based on true story": 9672,
    "dystopia": 4565,
    "christmas": 207317,
    "serial killer": 10714,
    "revenge": 9748,
    "superhero": 9715,
    "spy": 470,
    "murder": 9826,
    "mafia": 10391,
    "prison": 378,
    "new york city": 242,
    "dog": 15162,
    "train": 4543,
    "cooking": 18293,
    "witch": 616,
}
FILMS = {
    "Heat": Film(949, "Heat", (80, 18), (642, 10051), 170, 1995),
    "Alien": Film(348, "Alien", (27, 878), (9882,)),
    "Amélie": Film(194, "Amélie", (35, 10749), ()),
    "Back to the Future": Film(105, "Back to the Future", (12, 35, 878), (4379,)),
    "The Good, the Bad and the Ugly": Film(429, "The Good, the Bad and the Ugly", (37,), (9748,)),
    "Up": Film(14160, "Up", (16, 35, 10751), ()),
    "Some Like It Hot": Film(239, "Some Like It Hot", (35, 10749), (10391,)),
}


class World:
    """The look-up of these names: part of a name is enough where a person was announced."""

    def person(self, name: str, *, alone: bool) -> int | None:
        """Who is called so."""
        for known, number in PEOPLE.items():
            own = fold(known)
            if own == name or (not alone and set(name.split()) <= set(own.split())):
                return number
        return None

    def surname(self, name: str) -> int | None:
        """Who is known by this last name."""
        return next((id_ for known, id_ in PEOPLE.items() if fold(known).split()[-1] == name), None)

    def stranger(self, name: str) -> int | None:
        """Whom only a source knows."""
        return next((id_ for known, id_ in STRANGERS.items() if fold(known) == name), None)

    def keyword(self, name: str) -> int | None:
        """The keyword of this name."""
        return next((id_ for known, id_ in KEYWORDS.items() if fold(known) == fold(name)), None)

    def film(self, title: str) -> Film | None:
        """The film of this title."""
        return next((film for known, film in FILMS.items() if fold(known) == title), None)


def understood(prompt: str) -> Interpretation:
    """What the rules make of a prompt in this world."""
    return read(prompt, World(), THIS_YEAR)


def cases(name: str) -> list[dict[str, Any]]:
    """Prompts with what is expected of them."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """A case in one form, whatever it leaves unsaid."""
    return {
        "filters": _in_order(case["filters"]),
        "seen": case.get("seen"),
        "on_my_services": case.get("on_my_services", False),
        "like": case.get("like"),
        "not_understood": _telling(case.get("not_understood", [])),
    }


def made(found: Interpretation) -> dict[str, Any]:
    """An interpretation in the same form."""
    return {
        "filters": _in_order(found.filters),
        "seen": found.seen,
        "on_my_services": found.on_my_services,
        "like": found.like.id if found.like else None,
        "not_understood": _telling(found.not_understood),
    }


def _in_order(filters: dict[str, Any]) -> dict[str, Any]:
    """In which order ids are listed does not matter."""
    lists = {name for name in filters if name.startswith(("with_", "without_"))}
    numeric = {"with_runtime.gte", "with_runtime.lte", "with_original_language"}
    return {
        name: _sorted(value) if name in lists - numeric else value
        for name, value in filters.items()
    }


def _sorted(ids: str) -> str:
    mark = "|" if "|" in ids else ","
    return mark.join(sorted(ids.split(mark)))


def _telling(phrases: Any) -> list[str]:
    """Word by word; how words are grouped, and those that only join, do not matter."""
    return [word for phrase in phrases for word in fold(phrase).split() if word not in FILLERS]
