"""Every filter and order of /discover/movie gives what going through all films one by one gives."""

import random
import unicodedata

import pytest

# Values for each parameter; every one alone, and 50 pairs of them.
CASES = {
    "with_genres": ["18", "18,35", "28|16", "18,10749|35"],
    "without_genres": ["18", "18,35", "28|53"],
    "with_keywords": ["818", "9951|4379", "818,179431"],
    "without_keywords": ["818", "179431|9663"],
    "with_cast": ["287", "6193|500", "287,819"],
    "with_crew": ["525", "488|578"],
    "with_people": ["525", "287|578", "488,31"],
    "with_original_language": ["fr", "fr|ja", "en"],
    "with_origin_country": ["FR", "JP|KR", "GB,US"],
    "year": ["1999", "1939"],
    "primary_release_year": ["2009", "1927"],
    "primary_release_date.gte": ["2010-06-15"],
    "primary_release_date.lte": ["1965-01-01"],
    "release_date.gte": ["1999-03-30"],
    "release_date.lte": ["1979-05-25"],
    "vote_average.gte": ["7.5", "8"],
    "vote_average.lte": ["5.5"],
    "vote_count.gte": ["20"],
    "vote_count.lte": ["3", "0"],
    "with_runtime.gte": ["150"],
    "with_runtime.lte": ["90"],
    "with_watch_providers": ["9001", "9001,9004", "9002|9003"],
    "without_watch_providers": ["9004"],
    "with_watch_monetization_types": ["flatrate", "rent|buy", "flatrate,buy"],
    "with_release_type": ["3", "1|2"],
    "certification": ["PG-13"],
    "certification.gte": ["PG"],
    "certification.lte": ["R"],
    "include_adult": ["true", "false"],
    "include_video": ["true"],
    "region": ["DE"],
    "language": ["fr-FR"],
    "watch_region": ["FR"],
    "certification_country": ["US"],
    "sort_by": [
        f"{name}.{way}"
        for name in (
            *("popularity", "release_date", "primary_release_date", "revenue", "title"),
            *("original_title", "vote_average", "vote_count"),
        )
        for way in ("asc", "desc")
    ],
}
# What a parameter needs beside it before it says anything.
COMPANIONS = {
    "with_watch_providers": {"watch_region": "DE"},
    "without_watch_providers": {"watch_region": "DE"},
    "with_watch_monetization_types": {"watch_region": "DE"},
    "certification": {"certification_country": "US"},
    "certification.gte": {"certification_country": "US"},
    "certification.lte": {"certification_country": "US"},
}
ALONE = [(name, value) for name, values in CASES.items() for value in values]
REGIONS = ("DE", "FR")


def pairs():
    draw = random.Random(1895)
    found = []
    while len(found) < 50:
        (one, first), (two, second) = draw.sample(ALONE, 2)
        if one != two:
            needed = {**COMPANIONS.get(one, {}), **COMPANIONS.get(two, {})}
            found.append({**needed, one: first, two: second})
    return found


@pytest.fixture(scope="module")
def shelf(demo, films):
    """Each film's row with the votes that the demo shows and where it can be watched."""
    rows = [dict(film) for film in films]
    for film in rows:
        answer = demo.get(f"/movie/{film['id']}", append_to_response="watch/providers")
        offered = answer["watch/providers"]["results"]
        film["shown"] = {
            "popularity": answer["popularity"],
            "vote_average": answer["vote_average"],
            "vote_count": answer["vote_count"],
        }
        film["offers"] = {
            region: {
                (kind, service["provider_id"])
                for kind, services in offered.get(region, {}).items()
                if kind != "link"
                for service in services
            }
            for region in REGIONS
        }
    return rows


def asked(raw, owned):
    """A comma asks for all, a pipe for any."""
    return all(any(one in owned for one in group.split("|")) for group in raw.split(","))


def ids(rows):
    return {str(row["id"]) for row in rows}


def is_offered(film, params):
    region = params.get("watch_region")
    if region is None:
        return True
    offers = film["offers"][region]
    kinds = params.get("with_watch_monetization_types")
    if kinds and not asked(kinds, {kind for kind, _ in offers}):
        return False
    if kinds:
        allowed = kinds.replace("|", ",").split(",")
        by = {str(service) for kind, service in offers if kind in allowed}
    else:
        by = {str(service) for _, service in offers}
    if "without_watch_providers" in params:
        everywhere = {str(service) for _, service in offers}
        if params["without_watch_providers"] in everywhere:
            return False
    return "with_watch_providers" not in params or asked(params["with_watch_providers"], by)


TESTS = {
    "with_genres": lambda f, v: asked(v, ids(f["genres"])),
    "without_genres": lambda f, v: not set(v.replace("|", ",").split(",")) & ids(f["genres"]),
    "with_keywords": lambda f, v: asked(v, ids(f["keywords"])),
    "without_keywords": lambda f, v: not set(v.replace("|", ",").split(",")) & ids(f["keywords"]),
    "with_cast": lambda f, v: asked(v, ids(f["cast"])),
    "with_crew": lambda f, v: asked(v, ids(f["crew"])),
    "with_people": lambda f, v: asked(v, ids(f["cast"] + f["crew"])),
    "with_original_language": lambda f, v: asked(v, {f["original_language"]}),
    "with_origin_country": lambda f, v: asked(
        v, {country["iso_3166_1"] for country in f["production_countries"]}
    ),
    "year": lambda f, v: f["release_date"].startswith(v),
    "primary_release_year": lambda f, v: f["release_date"].startswith(v),
    "primary_release_date.gte": lambda f, v: f["release_date"] >= v,
    "primary_release_date.lte": lambda f, v: f["release_date"] <= v,
    "release_date.gte": lambda f, v: f["release_date"] >= v,
    "release_date.lte": lambda f, v: f["release_date"] <= v,
    "vote_average.gte": lambda f, v: f["shown"]["vote_average"] >= float(v),
    "vote_average.lte": lambda f, v: f["shown"]["vote_average"] <= float(v),
    "vote_count.gte": lambda f, v: f["shown"]["vote_count"] >= float(v),
    "vote_count.lte": lambda f, v: f["shown"]["vote_count"] <= float(v),
    "with_runtime.gte": lambda f, v: f["runtime"] >= int(v),
    "with_runtime.lte": lambda f, v: f["runtime"] <= int(v),
    "with_release_type": lambda f, v: bool(f["release_date"]) and asked(v, {"3"}),
}


def plain(title):
    apart = unicodedata.normalize("NFKD", title.casefold())
    letters = (c for c in apart if not unicodedata.combining(c) and c not in "'’`")
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return " ".join(words).replace("ø", "o")


VALUES = {
    "popularity": lambda f: f["shown"]["popularity"],
    "vote_average": lambda f: f["shown"]["vote_average"],
    "vote_count": lambda f: f["shown"]["vote_count"],
    "release_date": lambda f: f["release_date"],
    "primary_release_date": lambda f: f["release_date"],
    "revenue": lambda f: f.get("revenue", 0),
    "title": lambda f: plain(f["title"]),
    "original_title": lambda f: plain(f["original_title"]),
}


def expected(shelf, params):
    found = [
        film
        for film in shelf
        if all(test(film, params[name]) for name, test in TESTS.items() if name in params)
        and is_offered(film, params)
    ]
    certificate = any(name in params for name in CASES if name.startswith("certification."))
    if "certification_country" in params and (certificate or "certification" in params):
        return []
    name, _, way = params.get("sort_by", "popularity.desc").partition(".")
    found.sort(key=lambda film: film["id"])
    found.sort(key=VALUES[name], reverse=way == "desc")
    return [film["id"] for film in found]


def answered(demo, params):
    return [row["id"] for row in demo.all_pages("/discover/movie", **params)]


@pytest.mark.parametrize(("name", "value"), ALONE)
def test_a_filter_gives_what_going_through_all_films_gives(demo, shelf, name, value):
    params = {name: value, **COMPANIONS.get(name, {})}
    assert answered(demo, params) == expected(shelf, params)


@pytest.mark.parametrize("params", pairs(), ids=str)
def test_two_filters_together_give_what_going_through_all_films_gives(demo, shelf, params):
    assert answered(demo, params) == expected(shelf, params)


def test_the_cases_are_not_empty_by_accident(shelf):
    """Only certificates, unreleased kinds and absent revenues may find nothing."""
    silent = {
        name
        for name, value in ALONE
        if not expected(shelf, {name: value, **COMPANIONS.get(name, {})})
    }
    assert silent <= {
        "certification",
        "certification.gte",
        "certification.lte",
        "with_release_type",
    }


def test_services_without_a_region_choose_nothing(demo, films):
    answer = demo.get("/discover/movie", with_watch_providers="9001")
    assert answer["total_results"] == len(films)


def test_an_empty_value_is_no_filter(demo, films):
    answer = demo.get("/discover/movie", with_genres="", sort_by="", year="")
    assert answer["total_results"] == len(films)
