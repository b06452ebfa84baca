"""Lists, search, languages: what a visitor of the demo sees first."""

import datetime as dt

import pytest

LISTS = (
    *("/trending/movie/day", "/trending/movie/week", "/movie/popular", "/movie/top_rated"),
    *("/movie/upcoming", "/movie/now_playing", "/discover/movie"),
)


@pytest.mark.parametrize("path", LISTS)
def test_paging_covers_everything_once(demo, path):
    found = [row["id"] for row in demo.all_pages(path)]
    assert len(found) == len(set(found))
    assert len(found) >= 20


@pytest.mark.parametrize("path", LISTS[:3])
def test_the_long_lists_hold_every_film(demo, films, path):
    assert demo.get(path)["total_results"] == len(films)


def test_a_page_past_the_end_is_empty_and_says_where_the_end_is(demo):
    answer = demo.get("/movie/upcoming", page=400)
    assert answer["results"] == []
    assert answer["page"] == 400
    assert answer["total_pages"] < 400


def test_popular_films_come_with_falling_popularity(demo):
    seen = [row["popularity"] for row in demo.all_pages("/movie/popular")]
    assert seen == sorted(seen, reverse=True)


def test_a_single_vote_does_not_top_the_best_rated(demo):
    assert all(row["vote_count"] >= 10 for row in demo.get("/movie/top_rated")["results"])


def test_the_calendar_stands_still_between_what_plays_and_what_comes(demo):
    playing, coming = demo.get("/movie/now_playing"), demo.get("/movie/upcoming")
    today = dt.date.fromisoformat(playing["dates"]["maximum"])
    assert today == dt.date(2016, 6, 14)
    assert coming["dates"]["minimum"] == (today + dt.timedelta(days=1)).isoformat()
    for answer, path in ((playing, "/movie/now_playing"), (coming, "/movie/upcoming")):
        assert answer["total_results"] >= 20
        first, last = answer["dates"]["minimum"], answer["dates"]["maximum"]
        assert all(first <= row["release_date"] <= last for row in demo.all_pages(path))


def test_films_that_are_not_out_have_no_votes_but_draw_views(demo):
    rows = demo.all_pages("/movie/upcoming")
    assert {row["vote_count"] for row in rows} == {0}
    assert max(row["popularity"] for row in rows) > 5


def test_votes_are_those_of_the_demo_viewers(demo, viewers):
    stars = [
        rating for viewer in viewers for movie_id, rating, _ in viewer["ratings"] if movie_id == 603
    ]
    film = demo.get("/movie/603")
    assert film["vote_count"] == len(stars)
    assert film["vote_average"] == pytest.approx(2 * sum(stars) / len(stars), abs=0.001)


def test_what_many_looked_at_today_leads_the_day(demo, viewers):
    leader = demo.get("/trending/movie/day")["results"][0]["id"]
    seen = [movie_id for viewer in viewers for movie_id, hours in viewer["views"] if hours < 24]
    assert seen.count(leader) == max(map(seen.count, set(seen)))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("amelie", "Amélie"),
        ("AMÉLIE", "Amélie"),
        ("fabuleux destin", "Amélie"),
        ("interst", "Interstellar"),
        ("schindlers list", "Schindler's List"),
        ("walle", "WALL·E"),
        ("wall e", "WALL·E"),
        ("spider man", "Spider-Man"),
        ("matrix", "The Matrix"),
        ("千と千尋", "Spirited Away"),
        ("七人", "Seven Samurai"),
        ("t", "Titanic"),
    ],
)
def test_a_film_is_found_by_words_and_their_beginnings(demo, query, title):
    assert title in [row["title"] for row in demo.all_pages("/search/movie", query=query)]


def test_a_title_that_is_the_query_comes_first(demo):
    assert demo.get("/search/movie", query="up")["results"][0]["title"] == "Up"
    assert demo.get("/search/multi", query="alien")["results"][0]["title"] == "Alien"


def test_a_word_is_not_found_by_its_middle(demo):
    assert demo.get("/search/movie", query="erstellar")["total_results"] == 0


def test_a_year_narrows_a_search(demo):
    rows = demo.all_pages("/search/movie", query="the", year=1999)
    assert rows
    assert {row["release_date"][:4] for row in rows} == {"1999"}
    assert rows == demo.all_pages("/search/movie", query="the", primary_release_year=1999)


@pytest.mark.parametrize("query", ["", "   ", "!!!", "qqqqzz"])
def test_no_words_or_unknown_words_find_nothing(demo, query):
    for kind in ("movie", "person", "keyword", "multi"):
        answer = demo.get(f"/search/{kind}", query=query)
        assert (answer["results"], answer["total_pages"], answer["total_results"]) == ([], 1, 0)


def test_a_person_is_found_with_well_known_films(demo):
    row = demo.get("/search/person", query="villeneuve")["results"][0]
    assert (row["name"], row["known_for_department"]) == ("Denis Villeneuve", "Directing")
    assert "Sicario" in [film["title"] for film in row["known_for"]]


def test_a_mixed_search_finds_films_and_people(demo):
    kinds = {row["media_type"] for row in demo.all_pages("/search/multi", query="gra")}
    assert kinds == {"movie", "person"}


def test_a_person_has_every_credit_of_the_catalogue(demo, films):
    credits = demo.get("/person/525/movie_credits")
    mine = [f["id"] for f in films for c in f["crew"] if c["id"] == 525]
    assert [row["id"] for row in credits["crew"]] == mine


def test_the_original_title_is_shown_in_its_own_language(demo):
    assert (
        demo.get("/movie/194", language="fr-FR")["title"] == "Le fabuleux destin d'Amélie Poulain"
    )
    assert demo.get("/movie/194", language="de-DE")["title"] == "Amélie"
    rows = demo.get("/discover/movie", with_original_language="ja", language="ja")["results"]
    assert all(row["title"] == row["original_title"] for row in rows)


def test_translations_hold_the_english_and_the_original_title(demo):
    found = demo.get("/movie/194/translations")["translations"]
    assert {row["iso_639_1"]: row["data"]["title"] for row in found} == {
        "en": "Amélie",
        "fr": "Le fabuleux destin d'Amélie Poulain",
    }


def test_similar_films_share_traits_and_leave_the_film_itself_out(demo):
    titles = [row["title"] for row in demo.get("/movie/238/similar")["results"]]
    assert titles[0] == "The Godfather: Part II"
    assert "The Godfather" not in titles


def test_recommendations_are_liked_by_the_same_viewers(demo, viewers):
    likes = [{m for m, stars, _ in viewer["ratings"] if stars >= 4} for viewer in viewers]
    for row in demo.get("/movie/129/recommendations")["results"]:
        assert sum(129 in liked and row["id"] in liked for liked in likes) > 1


def test_a_film_is_addressed_by_number_also_with_words_behind_it(demo):
    assert demo.get("/movie/157336-interstellar")["title"] == "Interstellar"


def test_no_outside_id_is_known(demo):
    found = demo.get("/find/tt0816692", external_source="imdb_id")
    assert not any(found.values())


def test_services_are_made_up_and_the_same_at_every_call(demo):
    once = demo.get("/movie/603/watch/providers")
    assert once == demo.get("/movie/603/watch/providers")
    names = [row["provider_name"] for row in demo.get("/watch/providers/movie")["results"]]
    assert all(name.startswith("Demo ") for name in names)
    assert demo.get("/watch/providers/movie", watch_region="AQ")["results"] == []
    regions = {row["iso_3166_1"] for row in demo.get("/watch/providers/regions")["results"]}
    assert set(once["results"]) <= regions
