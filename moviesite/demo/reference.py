"""TMDb's fixed tables: image sizes, genres, countries, languages. Reads no request."""

from typing import Any, Final

from moviesite.demo.catalogue import Catalogue
from moviesite.demo.places import COUNTRIES, LANGUAGES

GENRES: Final[dict[int, str]] = {
    28: "Action",
    12: "Adventure",
    16: "Animation",
    35: "Comedy",
    80: "Crime",
    99: "Documentary",
    18: "Drama",
    10751: "Family",
    14: "Fantasy",
    36: "History",
    27: "Horror",
    10402: "Music",
    9648: "Mystery",
    10749: "Romance",
    878: "Science Fiction",
    10770: "TV Movie",
    53: "Thriller",
    10752: "War",
    37: "Western",
}

_CHANGE_KEYS: Final = (
    *(
        "adult",
        "budget",
        "cast",
        "crew",
        "genres",
        "homepage",
        "images",
        "imdb_id",
        "original_title",
    ),
    *("overview", "plot_keywords", "production_companies", "production_countries", "releases"),
    *("revenue", "runtime", "spoken_languages", "status", "tagline", "title", "translations"),
)


def configuration(image_url: str) -> dict[str, Any]:
    """Image address and the sizes TMDb offers. The demo's drawings have no size of their own."""
    return {
        "change_keys": list(_CHANGE_KEYS),
        "images": {
            "base_url": image_url,
            "secure_base_url": image_url,
            "backdrop_sizes": ["w300", "w780", "w1280", "original"],
            "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
            "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
            "profile_sizes": ["w45", "w185", "h632", "original"],
            "still_sizes": ["w92", "w185", "w300", "original"],
        },
    }


def genres(catalogue: Catalogue) -> dict[str, Any]:
    """TMDb's nineteen genres, and those that only this catalogue has."""
    every = {**catalogue.genres, **GENRES}
    rows = sorted(every.items(), key=lambda item: item[1])
    return {"genres": [{"id": key, "name": name} for key, name in rows]}


def countries() -> list[dict[str, str]]:
    """Every country known here, by name."""
    rows = sorted(COUNTRIES.items(), key=lambda item: item[1][0])
    return [
        {"iso_3166_1": code, "english_name": name, "native_name": name} for code, (name, _) in rows
    ]


def languages() -> list[dict[str, str]]:
    """Every language known here, by English name."""
    rows = sorted(LANGUAGES.items(), key=lambda item: item[1][0])
    return [
        {"iso_639_1": code, "english_name": english, "name": own} for code, (english, own) in rows
    ]
