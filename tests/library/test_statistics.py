"""Numbers about a library: counted right, whatever is missing."""

import datetime as dt

from flask.testing import FlaskClient

from moviesite.catalogue import service as catalogue
from moviesite.library import service, statistics, statistics_queries
from moviesite.library.statistics import Count, Decade, Seen
from moviesite.models import User
from moviesite.reviews import service as reviews
from tests import factories
from tests.statements import counted

DAY = dt.date(2026, 3, 31)


def seen(movie_id: int, day: dt.date = DAY, runtime: int | None = 100) -> Seen:
    return Seen(movie_id, f"Film {movie_id}", day, 1995, runtime)


def test_a_film_on_a_bound_is_in_the_bucket_that_it_begins() -> None:
    averages = (10, 9.0, 8.999, 8.0, 7.0, 6.5, 5.0, 4.999, 0)
    assert statistics.rating_buckets(averages) == {
        "ratings_9_plus": 2,
        "ratings_8_to_9": 2,
        "ratings_7_to_8": 1,
        "ratings_6_to_7": 1,
        "ratings_5_to_6": 1,
        "ratings_below_5": 2,
    }
    assert sum(statistics.rating_buckets(()).values()) == 0


def test_decades_begin_with_their_first_year() -> None:
    assert statistics.decades([1999, 1990, 2000, None]) == [Decade(1990, 2), Decade(2000, 1)]


def test_lengths_are_half_open_and_the_last_has_no_end() -> None:
    counts = {
        (length.least, length.to): length.count
        for length in statistics.lengths([89, 90, 119, 120, 500, None])
    }
    assert counts == {
        (0, 60): 0,
        (60, 90): 1,
        (90, 120): 2,
        (120, 150): 1,
        (150, 180): 0,
        (180, None): 1,
    }


def test_months_are_all_named_up_to_the_last() -> None:
    months = statistics.months([DAY, dt.date(2026, 3, 1), dt.date(2025, 3, 31)], DAY)
    assert months[0].month == dt.date(2025, 4, 1)
    assert (months[-1].month, months[-1].count) == (dt.date(2026, 3, 1), 2)
    assert sum(month.count for month in months) == 2


def test_a_summary_tells_films_from_plays() -> None:
    plays = [seen(1), seen(2, runtime=None), seen(1, dt.date(2026, 4, 1))]
    found = statistics.summary(plays)
    assert (found.films, found.plays, found.rewatches, found.minutes) == (2, 3, 1, 200)
    assert [(film.movie_id, film.number) for film in found.most_played] == [(1, 2)]
    assert found.busiest
    assert (found.busiest.month, found.busiest.count) == (dt.date(2026, 3, 1), 2)
    assert statistics.summary([]).first is None


def test_half_of_stars_are_all_named_and_averaged() -> None:
    assert [(s.rating, s.count) for s in statistics.stars([4.5, 4.5, 1]) if s.count] == [
        (1, 1),
        (4.5, 2),
    ]
    assert len(statistics.stars(())) == 10
    assert statistics.average([4.5, 4.5, 1]) == 3.33
    assert statistics.average([]) is None


def test_the_watchlist_in_numbers(ada: User) -> None:
    catalogue.store_detail(factories.detail(949, "Heat", vote_average=7.9))
    catalogue.store_movies([factories.movie(1, "Other", genres=(), vote_average=9.0)])
    for movie_id in (949, 1):
        service.keep_on_watchlist(ada, movie_id)
    with counted() as made:
        found = statistics_queries.watchlist_statistics(ada, "DE")
    assert len(made) == 2
    assert {name for name, count in found.ratings.items() if count} == {
        "ratings_7_to_8",
        "ratings_9_plus",
    }
    assert found.genres == [Count("Crime", 1), Count("Drama", 1)]
    assert (found.decades, found.runtime_total) == ([Decade(1990, 2)], 170)
    assert found.watchable_on == [Count("Demo Stream", 1)]


def test_what_was_seen_in_numbers_ever_and_in_a_year(ada: User, ben: User) -> None:
    catalogue.store_detail(factories.detail(949, "Heat"))
    for year in (2019, 2020, 2020):
        service.record_viewing(ada, 949, watched_at=dt.datetime(year, 12, 31, 23, tzinfo=dt.UTC))
    service.record_viewing(ada, 949, progress_seconds=60)
    service.record_viewing(ben, 949)
    reviews.rate(ada, 949, 4.5)
    with counted() as made:
        ever = statistics_queries.statistics(ada)
    assert len(made) == 3
    assert (ever.summary.films, ever.summary.plays, ever.summary.minutes) == (1, 3, 510)
    assert ever.years == [2020, 2019]
    assert ever.genres == [Count("Crime", 1), Count("Drama", 1)]
    assert (ever.countries, ever.directors) == ([Count("US", 1)], [Count("Michael Mann", 1)])
    assert ever.actors == [Count("Al Pacino", 1), Count("Michael Mann", 1)]
    assert (ever.rating_average, ever.best_rated[0].title) == (4.5, "Heat")
    then = statistics_queries.statistics(ada, 2020)
    assert (then.summary.plays, then.months[-1].count, then.rating_average) == (2, 2, None)
    assert statistics_queries.statistics(ada, 2001).summary.plays == 0
    assert statistics_queries.statistics(ada, 2001).genres == []


def test_a_year_begins_where_somebody_lives(ada: User) -> None:
    catalogue.store_detail(factories.detail(949, "Heat"))
    service.record_viewing(ada, 949, watched_at=dt.datetime(2020, 12, 31, 23, 30, tzinfo=dt.UTC))
    ada.time_zone = "Europe/Berlin"
    assert statistics_queries.statistics(ada, 2021).summary.plays == 1
    assert statistics_queries.statistics(ada, 2021).genres[0].count == 1
    assert statistics_queries.statistics(ada, 2020).summary.plays == 0


def test_statistics_in_json(as_ada: FlaskClient) -> None:
    catalogue.store_detail(factories.detail(949, "Heat"))
    as_ada.put("/api/v1/me/watchlist/949")
    found = as_ada.get("/api/v1/me/watchlist/statistics?region=DE").get_json()
    assert found == {
        "ratings": {
            "ratings_9_plus": 0,
            "ratings_8_to_9": 0,
            "ratings_7_to_8": 0,
            "ratings_6_to_7": 0,
            "ratings_5_to_6": 0,
            "ratings_below_5": 1,
        },
        "genres": [{"genre": "Crime", "count": 1}, {"genre": "Drama", "count": 1}],
        "decades": [{"decade": 1990, "count": 1}],
        "runtime_total": 170,
        "watchable_on": [{"provider": "Demo Stream", "count": 1}],
    }
    as_ada.post("/api/v1/me/history", json={"movie_id": 949, "watched_at": "2026-01-31T12:00:00Z"})
    mine = as_ada.get("/api/v1/me/statistics?year=2026").get_json()
    assert mine["months"][0] == {"month": "2026-01", "count": 1}
    assert mine["lengths"][4] == {"from": 150, "to": 180, "count": 1}
    assert as_ada.get("/api/v1/me/statistics?year=1").status_code == 422
