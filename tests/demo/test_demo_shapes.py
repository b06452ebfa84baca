"""Every answer has the shape that TMDb's OpenAPI document gives it."""

import json

import jsonschema
import pytest

from .conftest import document

MOVIE, PERSON = 157336, 525
PARTS = (
    *("credits", "videos", "images", "keywords", "release_dates", "watch/providers", "similar"),
    *("recommendations", "external_ids", "translations", "alternative_titles"),
)
# (address of the document, address asked, parameters)
ANSWERS = [
    ("/configuration", "/configuration", {}),
    ("/configuration/languages", "/configuration/languages", {}),
    ("/configuration/countries", "/configuration/countries", {}),
    ("/genre/movie/list", "/genre/movie/list", {}),
    ("/trending/movie/{time_window}", "/trending/movie/day", {}),
    ("/trending/movie/{time_window}", "/trending/movie/week", {}),
    ("/movie/popular", "/movie/popular", {}),
    ("/movie/top_rated", "/movie/top_rated", {}),
    ("/movie/upcoming", "/movie/upcoming", {}),
    ("/movie/now_playing", "/movie/now_playing", {}),
    ("/movie/changes", "/movie/changes", {}),
    ("/discover/movie", "/discover/movie", {}),
    ("/movie/{movie_id}", f"/movie/{MOVIE}", {}),
    *((f"/movie/{{movie_id}}/{part}", f"/movie/{MOVIE}/{part}", {}) for part in PARTS),
    ("/person/{person_id}", f"/person/{PERSON}", {}),
    ("/person/{person_id}/movie_credits", f"/person/{PERSON}/movie_credits", {}),
    ("/person/{person_id}/external_ids", f"/person/{PERSON}/external_ids", {}),
    ("/person/{person_id}/images", f"/person/{PERSON}/images", {}),
    ("/search/movie", "/search/movie", {"query": "inter"}),
    ("/search/person", "/search/person", {"query": "nolan"}),
    ("/search/keyword", "/search/keyword", {"query": "space"}),
    ("/search/multi", "/search/multi", {"query": "inter"}),
    ("/find/{external_id}", "/find/tt0816692", {"external_source": "imdb_id"}),
    ("/watch/providers/movie", "/watch/providers/movie", {}),
    ("/watch/providers/regions", "/watch/providers/regions", {}),
    ("/keyword/{keyword_id}", "/keyword/3801", {}),
    ("/authentication", "/authentication", {}),
    ("/authentication/token/new", "/authentication/token/new", {}),
]
# Properties that the document's single example has and that not every real answer has.
OPTIONAL = {"display_priorities", "link", "flatrate", "rent", "buy", "free", "ads"}


def tolerant(schema, mixed):
    """The documented schema with every value nullable, any number for a number, all keys needed."""
    made = {}
    if "properties" in schema:
        needed = [name for name in schema["properties"] if name not in OPTIONAL and not mixed]
        made["required"] = [name for name in needed if len(name) != 2 or not name.isupper()]
        made["properties"] = {k: tolerant(v, mixed) for k, v in schema["properties"].items()}
    if "items" in schema:
        made["items"] = tolerant(schema["items"], mixed)
    if schema.get("type") in ("integer", "number"):
        made["type"] = ["number", "null"]
    elif "type" in schema:
        made["type"] = [schema["type"], "null"]
    return made


def documented(path, method="get"):
    described = json.loads(document("openapi.json").read_text())["paths"][f"/3{path}"][method]
    answer = described["responses"]["200"]["content"]["application/json"]
    return tolerant(answer.get("schema", {}), mixed=path == "/search/multi")


@pytest.mark.parametrize(("path", "asked", "params"), ANSWERS, ids=[a[1] for a in ANSWERS])
def test_an_answer_has_the_documented_shape(demo, path, asked, params):
    jsonschema.validate(demo.get(asked, **params), documented(path))


def test_every_film_has_the_documented_shape_with_all_its_parts(demo, films):
    validators = {
        name: jsonschema.Draft202012Validator(documented(f"/movie/{{movie_id}}/{name}"))
        for name in PARTS
    }
    whole = jsonschema.Draft202012Validator(documented("/movie/{movie_id}"))
    for film in films[::7]:
        answer = demo.get(f"/movie/{film['id']}", append_to_response=",".join(PARTS))
        whole.validate(answer)
        for name, validator in validators.items():
            validator.validate({"id": film["id"], **answer[name]})


def test_an_account_and_its_writes_have_the_documented_shape(demo):
    account = demo.get("/account")
    jsonschema.validate(account, documented("/account/{account_id}"))
    path = f"/account/{account['id']}/favorite"
    kept = demo.send("POST", path, {"media_type": "movie", "media_id": MOVIE, "favorite": True})
    jsonschema.validate(kept, documented("/account/{account_id}/favorite", "post"))
    favorites = demo.get(f"{path}/movies")
    jsonschema.validate(favorites, documented("/account/{account_id}/favorite/movies"))
    token = demo.get("/authentication/token/new")["request_token"]
    session = demo.send("POST", "/authentication/session/new", {"request_token": token}, 200)
    jsonschema.validate(session, documented("/authentication/session/new", "post"))


def test_recommendations_are_rows_like_those_of_similar_films(demo):
    jsonschema.validate(
        demo.get(f"/movie/{MOVIE}/recommendations"), documented("/movie/{movie_id}/similar")
    )


def test_appended_parts_are_the_parts_without_their_id(demo):
    whole = demo.get(f"/movie/{MOVIE}", append_to_response=",".join(PARTS))
    for name in PARTS:
        alone = demo.get(f"/movie/{MOVIE}/{name}")
        assert alone.pop("id") == MOVIE
        assert whole[name] == alone


def test_appended_parts_of_a_person_are_the_parts_without_their_id(demo):
    names = ("movie_credits", "external_ids", "images")
    whole = demo.get(f"/person/{PERSON}", append_to_response=",".join(names))
    for name in names:
        alone = demo.get(f"/person/{PERSON}/{name}")
        assert alone.pop("id") == PERSON
        assert whole[name] == alone


def test_an_unknown_part_is_left_out(demo):
    assert "horoscope" not in demo.get(f"/movie/{MOVIE}", append_to_response="horoscope,videos")


def test_pictures_are_named_after_what_they_show(demo):
    film = demo.get(f"/movie/{MOVIE}", append_to_response="credits,watch/providers")
    assert film["poster_path"] == f"/poster-{MOVIE}.svg"
    assert film["backdrop_path"] == f"/backdrop-{MOVIE}.svg"
    part = film["credits"]["cast"][0]
    assert part["profile_path"] == f"/portrait-{part['id']}.svg"
    services = film["watch/providers"]["results"]["US"]
    assert all(
        service["provider_name"].startswith("Demo")
        and service["logo_path"] == f"/provider-{service['provider_id']}.svg"
        for kind, offered in services.items()
        if kind != "link"
        for service in offered
    )
