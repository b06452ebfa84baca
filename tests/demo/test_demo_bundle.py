"""The bundle holds facts alone, enough of them, and viewers who are plainly made up."""

import re
from collections import Counter

import pytest

from moviesite.demo.build import main
from moviesite.demo.catalogue import film_facts, person_facts
from moviesite.demo.curation import CORNERSTONES

from .conftest import BUNDLE, document, read_lines

FACTS = {
    *("id", "title", "original_title", "original_language", "release_date", "runtime", "status"),
    *("genres", "keywords", "cast", "crew", "production_countries", "spoken_languages"),
    "overview",  # our own sentence
}
GENRES = 19


@pytest.fixture(scope="module")
def source():
    return {film["id"]: film for film in read_lines(document("films-5000.jsonl.gz"))}


def test_films_are_facts_and_nothing_else(films):
    assert {name for film in films for name in film} == FACTS
    assert {tuple(part) for film in films for part in film["cast"]} == {
        ("id", "name", "character", "order")
    }
    assert {tuple(job) for film in films for job in film["crew"]} == {
        ("id", "name", "job", "department")
    }


def test_facts_are_those_of_the_source(films, source):
    for film in films:
        for name in FACTS - {"overview", "genres", "cast", "crew"}:
            assert film[name] == source[film["id"]][name]
        assert film["cast"] == source[film["id"]]["cast"][:10]


def test_overviews_are_our_own(films, source):
    for film in films:
        theirs = source[film["id"]]
        assert film["overview"] != theirs["overview"]
        assert film["overview"] != theirs["tagline"]
        assert not shared_run(film["overview"], theirs["overview"], length=5)


def shared_run(one, two, length):
    """Whether so many words in a row stand in both, names aside."""
    words = [re.findall(r"\b[a-z][a-z’'-]*\b", text) for text in (one, two)]
    runs = [{tuple(w[i : i + length]) for i in range(len(w) - length + 1)} for w in words]
    return bool(runs[0] & runs[1])


def test_an_overview_is_one_plain_sentence(films):
    for film in films:
        text = film["overview"]
        assert re.fullmatch(r"\S.{30,}[^\s.]\.", text), text
        assert text[0].isupper() or not text[0].isalpha() or text[0].islower() is False, text
        assert film["release_date"][:4] in text
        assert not re.search(r" {2}| ,|,,|\b(a|A) [AEIO]|\b[Aa]n [^AEIOaeio]|None|\band\.", text), (
            text
        )


def test_overviews_name_who_made_the_film(films):
    for film in films:
        directors = [c["name"] for c in film["crew"] if c["job"] == "Director"]
        assert directors[0] in film["overview"]


def test_overviews_are_varied(films):
    openings = Counter(film["overview"].split()[0] for film in films)
    assert openings["A"] < len(films) * 0.7
    assert len({film["overview"] for film in films}) == len(films)


def test_there_are_films_of_every_decade_and_many_countries(films):
    assert 1000 <= len(films) <= 1400
    decades = {film["release_date"][:3] for film in films}
    assert decades == {str(decade) for decade in range(191, 202)}
    countries = {c["iso_3166_1"] for film in films for c in film["production_countries"]}
    assert len(countries) >= 40
    assert len({film["original_language"] for film in films}) >= 20
    assert len({genre["id"] for film in films for genre in film["genres"]}) >= GENRES - 1


def test_what_visitors_look_for_is_there(films):
    titles = {film["title"] for film in films}
    assert titles >= CORNERSTONES
    assert {"Interstellar", "Amélie", "The Matrix", "Terminator 2: Judgment Day"} <= titles
    directed = {f["title"] for f in films for c in f["crew"] if c["name"] == "Denis Villeneuve"}
    assert {"Incendies", "Prisoners", "Sicario"} <= directed


def test_the_bundle_is_small():
    size = sum(path.stat().st_size for path in BUNDLE.glob("*.jsonl.gz"))
    assert size < 1_500_000


def test_the_same_films_make_the_same_bytes(tmp_path):
    made = (tmp_path / "catalogue.jsonl.gz", tmp_path / "viewers.jsonl.gz")
    source = document("films-5000.jsonl.gz")
    main(
        [
            *("--films", str(source), "--catalogue", str(made[0]), "--viewers", str(made[1])),
        ]
    )
    for path in made:
        assert path.read_bytes() == (BUNDLE / path.name).read_bytes()


def test_viewers_are_marked_as_made_up_and_all_different(viewers):
    names = [viewer["username"] for viewer in viewers]
    assert len(set(names)) == len(names) == 300
    assert all(re.fullmatch(r"demo-[a-z]+-[a-z]+-\d+", name) for name in names)


def test_viewers_rate_in_halves_what_is_out_since_they_joined(films, viewers):
    out = {film["id"] for film in films if film["release_date"] <= "2016-06-14"}
    for viewer in viewers:
        rated = [movie_id for movie_id, _, _ in viewer["ratings"]]
        assert len(rated) == len(set(rated)) >= 15
        assert out.issuperset(rated)
        assert all(stars * 2 in range(1, 11) for _, stars, _ in viewer["ratings"])
        assert all(0 <= days <= viewer["joined_days_ago"] for _, _, days in viewer["ratings"])
        assert {movie_id for movie_id, _ in viewer["favorites"]} <= set(rated)


def test_tastes_differ_and_have_a_long_tail(viewers):
    means = [sum(stars for _, stars, _ in v["ratings"]) / len(v["ratings"]) for v in viewers]
    assert max(means) - min(means) > 1
    votes = Counter(movie_id for v in viewers for movie_id, _, _ in v["ratings"])
    counts = sorted(votes.values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > 0.25 * sum(counts)
    assert sum(count < 10 for count in counts) > 0.3 * len(counts)


def test_the_art_is_told_what_it_needs():
    assert film_facts(157336) == {
        "id": 157336,
        "title": "Interstellar",
        "year": 2014,
        "genre_ids": [12, 18, 878],
        "director": "Christopher Nolan",
    }
    assert film_facts(1) is None
    assert person_facts(525) == {
        "id": 525,
        "name": "Christopher Nolan",
        "department": "Directing",
    }
    assert person_facts(0) is None
