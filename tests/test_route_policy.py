"""Who may call what: every route is in one table, and walked as everybody it speaks of."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from moviesite.accounts import session_service
from moviesite.extensions import db
from moviesite.models import Identity, Session, User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from moviesite.transactions import transactional
from tests.people import DEVICE, PASSWORD, form_token, signed_in_browser
from tests.test_api_contract import EXAMPLES, PUBLIC

# Answers about, and changes, what is the caller's own.
SIGNED_IN = {
    *("me.me", "me.edit", "me.leave", "me.set_avatar", "me.remove_avatar", "me.change_password"),
    *("library.favorites", "library.add_favorite", "library.remove_favorite"),
    *("library.watchlist", "library.keep_on_watchlist", "library.remove_from_watchlist"),
    "library.pick",
    *("library.likes", "library.like", "library.unlike"),
    *("library.votes", "library.vote", "library.withdraw_vote"),
    *("history.history", "history.record", "history.undo"),
    *("statistics.watchlist", "statistics.statistics"),
    *("calendar.feed", "calendar.create", "calendar.remove"),
    *("muting.hidden", "muting.hide", "muting.unhide"),
    *("muting.give_feedback", "muting.withdraw_feedback"),
    *("reviews.write", "reviews.own_reviews"),
    *("me.sessions", "me.end_other_sessions", "me.confirm", "me.verify", "me.stay"),
    "me.confirm_session",
    *("tmdb.connection", "tmdb.connect", "tmdb.disconnect"),
    *("recommendations.recommendations", "assistant.quota"),
    *("lists.create", "lists.updates", "lists.unfollow", "shares.shares", "shares.share"),
    *("transfer.bring", "transfer.progress", "transfer.retry", "transfer.forget", "transfer.take"),
}
# Of these nobody has any at first.
NONE_YET = {"transfer.progress", "transfer.retry", "library.pick", "calendar.feed"}
# The same in a browser, whose session and form tokens they ask for.
SIGNED_IN_PAGES = {
    *("settings.account", "settings.edit_profile", "settings.set_avatar"),
    *("settings.remove_avatar", "settings.change_address", "settings.send_verification"),
    *("settings.change_password", "settings.send_password_link", "settings.end_other_sessions"),
    *("recommendations_pages.for_you", "assistant_pages.ask_model"),
    *("settings.delete", "settings.keep_address", "settings.again", "settings.offered"),
    *("proof.send", "proof.confirm", "proof.confirmed", "proof.show", "proof.shown"),
    *("tmdb_pages.account", "tmdb_pages.connect", "tmdb_pages.finish", "tmdb_pages.disconnect"),
    *("tmdb_pages.share", "tmdb_pages.unshare", "tmdb_pages.set_favorite"),
    *("library_pages.favorite", "library_pages.watchlist", "library_pages.seen"),
    *("library_pages.like", "library_pages.vote", "library_pages.feedback", "library_pages.undo"),
    *("shelf_pages.favorites", "shelf_pages.watchlist", "shelf_pages.edit_wish"),
    "shelf_pages.pick",
    *("calendar_pages.calendar", "calendar_pages.create", "calendar_pages.remove"),
    *("shelf_pages.stays", "history_pages.history", "history_pages.add"),
    *("statistics_pages.statistics", "hidden_pages.hidden", "hidden_pages.hide"),
    *("shelf_pages.ratings", "review_pages.rating", "review_pages.rate", "review_pages.write"),
    *("list_pages.create", "list_pages.follow", "list_pages.seen", "list_item_pages.undo"),
    *("adding_pages.menu", "adding_pages.change", "share_pages.shares", "share_pages.share"),
    *("transfer_pages.bringing", "transfer_pages.bring", "transfer_pages.retry"),
    *("transfer_pages.forget", "transfer_pages.take"),
}
# By a token of TMDb's, whoever carries it.
TMDB_TOKEN = {"tmdb.favorites", "tmdb.set_favorite", "tmdb.share"}
# Names one thing that is somebody's; to everybody else it does not exist.
OWNERS = {
    *("me.end_session", "library.one_vote", "history.delete", "history.move"),
    *("lists.edit", "lists.delete", "lists.follow", "lists.clone"),
    *("list_items.put", "list_items.remove", "shares.revoke"),
}
OWNERS_PAGES = {
    *("settings.end_session", "settings.unlink"),
    *("history_pages.play", "history_pages.move", "history_pages.delete"),
    *("review_pages.delete", "review_pages.report", "share_pages.revoke"),
    *("list_pages.edit", "list_pages.delete", "list_pages.clone", "list_pages.curate"),
    "list_item_pages.change",
}
# Of one thing that everybody may read: who wrote it changes it, others may object to it.
AUTHORS = {"reviews.replace", "reviews.edit", "reviews.delete", "reviews.report"}
# For those who run the site.
ADMINS = {
    "audit.audit",
    *("admin_movies.movies", "admin_movies.add", "admin_movies.movie", "admin_movies.edit"),
    *("admin_movies.restore", "admin_movies.sync", "admin_movies.refresh"),
    *("admin_users.users", "admin_users.user", "admin_users.edit", "admin_users.end_sessions"),
    *("admin_users.tiers", "admin_users.add_tier", "admin_users.tier", "admin_users.edit_tier"),
    "admin_users.remove_tier",
    *("admin_reviews.reported", "admin_reviews.one", "admin_reviews.dismiss"),
    *("admin_reviews.remove", "admin_reviews.lists", "admin_reviews.curate"),
    *(
        f"admin_{kind}s.{verb}"
        for kind in ("genre", "keyword")
        for verb in ("everything", "one", "add", "rename", "reset", "restore")
    ),
    *("jobs.jobs", "jobs.retry", "jobs.cancel", "jobs.run_now", "providers.providers", "log.log"),
    *("analytics.analytics", "analytics.most_watched", "analytics.new_users"),
    *(
        "analytics.daily_active_users",
        "analytics.searches",
        "recommender.runs",
        "recommender.roll_back",
    ),
}
ADMIN_PAGES = {
    *("admin_pages.overview", "audit_pages.audit"),
    *("admin_movie_pages.movies", "admin_movie_pages.add", "admin_movie_pages.movie"),
    *("admin_movie_pages.edit", "admin_movie_pages.reset", "admin_movie_pages.sync"),
    *("admin_user_pages.users", "admin_user_pages.user", "admin_user_pages.set_tier"),
    *("admin_user_pages.end_sessions", "admin_tier_pages.tiers", "admin_tier_pages.add"),
    *("admin_tier_pages.tier", "admin_tier_pages.edit", "admin_tier_pages.remove"),
    *("admin_review_pages.reports", "admin_review_pages.dismiss", "admin_review_pages.remove"),
    *("admin_list_pages.lists", "admin_list_pages.curate"),
    *("admin_movie_pages.restore", "admin_cache_pages.caches", "admin_cache_pages.refresh"),
    *(
        f"admin_{kind}_pages.{verb}"
        for kind in ("genre", "keyword")
        for verb in (f"{kind}s", "add", "one", "rename", "reset", "restore")
    ),
    *("job_pages.jobs", "job_pages.retry", "job_pages.cancel", "job_pages.run_now"),
    *(
        "provider_pages.providers",
        "log_pages.log",
        "recommender_pages.runs",
        "recommender_pages.roll_back",
    ),
    *("analytics_pages.analytics", "analytics_pages.download"),
}
# The same once their session is confirmed.
DANGEROUS = {"admin_movies.remove", "admin_genres.remove", "admin_keywords.remove"}
DANGEROUS_PAGES = {
    *("admin_movie_pages.ask_removal", "admin_movie_pages.remove"),
    *("admin_genre_pages.ask_removal", "admin_genre_pages.remove"),
    *("admin_keyword_pages.ask_removal", "admin_keyword_pages.remove"),
    *("provider_pages.ask_to_purge", "provider_pages.purge"),
    *("admin_user_pages.ask", "admin_user_pages.take"),
}

TABLE = {
    "public": PUBLIC,
    "signed in": SIGNED_IN,
    "signed in, pages": SIGNED_IN_PAGES,
    "owners": OWNERS,
    "owners, pages": OWNERS_PAGES,
    "authors": AUTHORS,
    "TMDb token": TMDB_TOKEN,
    "admins": ADMINS,
    "admins, pages": ADMIN_PAGES,
    "admins, dangerous": DANGEROUS,
    "admins, dangerous pages": DANGEROUS_PAGES,
}

REFUSED, FORBIDDEN, ABSENT = {302, 401}, {403}, {404}


def routes(app: Flask, *kinds: str) -> list[tuple[str, Rule]]:
    """Methods and rules of the routes in these rows of the table."""
    named = set().union(*(TABLE[kind] for kind in kinds))
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in named
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def ask_by_form(browser: FlaskClient, method: str, rule: Rule, **parts: object) -> Response:
    """As a page's form would: with the browser's token, and nothing filled in."""
    built = rule.build({**{name: EXAMPLES[name] for name in rule.arguments}, **parts})
    assert built is not None
    sent = {"X-CSRFToken": form_token(browser)} if method != "GET" else {}
    return browser.open(built[1], method=method, headers=sent)


def ask(client: FlaskClient, method: str, rule: Rule, **parts: object) -> int:
    built = rule.build({**{name: EXAMPLES[name] for name in rule.arguments}, **parts})
    assert built is not None
    # An empty object is well formed and does nothing, whatever is asked.
    return client.open(built[1], method=method, json={}).status_code


@pytest.fixture
def adas(ada: User) -> Session:
    """Something that is Ada's."""
    return session_service.open_api(ada, DEVICE).session


@pytest.fixture
def adas_identity(ada: User) -> Identity:
    """How another provider knows Ada."""
    return link(ada)


@transactional
def link(user: User) -> Identity:
    found = Identity(user_id=user.id, issuer="https://provider.example", subject="1")
    db.session.add(found)
    db.session.flush()
    return found


def test_every_route_is_in_one_row_of_the_table(app: Flask) -> None:
    listed = [endpoint for row in TABLE.values() for endpoint in row]
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(listed) == len(set(listed)), "a route is in two rows"
    assert known - set(listed) == set(), "not in the table"
    assert set(listed) - known == set(), "no such route"


def test_nobody_gets_no_further_than_the_public_part(app: Flask, adas: Session) -> None:
    nobody = app.test_client()
    for method, rule in routes(app, "public"):
        status = ask(nobody, method, rule)
        assert status not in REFUSED | FORBIDDEN | {500}, (method, rule.rule, status)
    kinds = ("signed in", "owners", "authors", "admins", "admins, dangerous")
    for method, rule in routes(app, *kinds):
        status = ask(nobody, method, rule, session_id=adas.uuid)
        assert status in REFUSED, (method, rule.rule, status)


@pytest.mark.parametrize("person", ["ben", "cleo"])
def test_what_is_anothers_does_not_exist_even_for_those_who_run_the_site(
    app: Flask, adas: Session, person: str, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(f"as_{person}")
    for method, rule in routes(app, "owners"):
        status = ask(other, method, rule, session_id=adas.uuid)
        assert status in ABSENT, (method, rule.rule, status)


def test_what_somebody_wrote_is_not_anothers_to_change(
    app: Flask, ada: User, as_ben: FlaskClient, as_cleo: FlaskClient
) -> None:
    for caller, may_delete in ((as_ben, False), (as_cleo, True)):
        written = reviews.write_review(ada, EXAMPLES["movie_id"], ReviewInput(4, "Dreams."))
        for method, rule in routes(app, "authors"):
            status = ask(caller, method, rule, review_id=written.uuid)
            allowed = rule.endpoint == "reviews.report"
            if method == "DELETE" and may_delete:
                assert status == 204
                written = reviews.write_review(ada, EXAMPLES["movie_id"], ReviewInput(4))
            else:
                assert status in ({201} if allowed else FORBIDDEN | {422}), (method, rule.rule)
        reviews.delete_review(ada, written.uuid)


@pytest.mark.parametrize("person", ["ben", "cleo"])
def test_the_signed_in_get_to_what_is_theirs(
    app: Flask, person: str, request: pytest.FixtureRequest
) -> None:
    caller = request.getfixturevalue(f"as_{person}")
    for method, rule in routes(app, "signed in"):
        status = ask(caller, method, rule)
        absent = set() if rule.endpoint in NONE_YET else ABSENT
        assert status not in REFUSED | FORBIDDEN | absent | {500}, (method, rule.rule, status)


def test_running_the_site_is_for_those_who_do(
    app: Flask, as_ben: FlaskClient, as_cleo: FlaskClient
) -> None:
    for method, rule in routes(app, "admins"):
        assert ask(as_ben, method, rule) in FORBIDDEN, (method, rule.rule)
        status = ask(as_cleo, method, rule)
        assert status not in REFUSED | FORBIDDEN | {500}, (method, rule.rule, status)


def test_what_is_dangerous_takes_a_session_that_was_confirmed(
    app: Flask, as_ben: FlaskClient, as_cleo: FlaskClient
) -> None:
    dangerous = routes(app, "admins, dangerous")
    for method, rule in dangerous:
        assert ask(as_ben, method, rule) in FORBIDDEN, (method, rule.rule)
        assert ask(as_cleo, method, rule) in FORBIDDEN, (method, rule.rule)
    confirm = {"password": PASSWORD}
    assert as_cleo.put("/api/v1/me/confirmation", json=confirm).status_code == 200
    for method, rule in dangerous:
        status = ask(as_cleo, method, rule)
        assert status not in REFUSED | FORBIDDEN | {500}, (method, rule.rule, status)


def test_pages_for_those_who_run_the_site_say_so_to_others(
    app: Flask, ben: User, cleo: User
) -> None:
    for method, rule in routes(app, "admins, pages", "admins, dangerous pages"):
        nobody = ask_by_form(app.test_client(), method, rule)
        assert nobody.headers["Location"].startswith("/sign-in"), rule.rule
        assert ask_by_form(signed_in_browser(app, ben), method, rule).status_code == 403
    browser = signed_in_browser(app, cleo)
    for method, rule in routes(app, "admins, pages"):
        answer = ask_by_form(browser, method, rule)
        assert answer.status_code in {200, 303, 404, 409, 422}, (rule.rule, answer.status_code)
        assert "/sign-in" not in answer.headers.get("Location", ""), rule.rule
        assert answer.headers["Cache-Control"] in ("private, no-store", "no-store"), rule.rule


def test_dangerous_pages_ask_first_who_it_is(app: Flask, cleo: User) -> None:
    browser = signed_in_browser(app, cleo)
    for method, rule in routes(app, "admins, dangerous pages"):
        answer = ask_by_form(browser, method, rule)
        assert answer.headers["Location"].startswith("/account/again"), rule.rule


@pytest.mark.parametrize("person", ["ben", "cleo"])
def test_what_takes_a_token_of_tmdb_is_not_open_to_those_with_one_of_ours(
    app: Flask, person: str, request: pytest.FixtureRequest
) -> None:
    caller = request.getfixturevalue(f"as_{person}")
    cookies_only = signed_in_browser(app, request.getfixturevalue(person))
    for method, rule in routes(app, "TMDb token"):
        assert ask(app.test_client(), method, rule) in REFUSED, rule.rule
        assert ask(cookies_only, method, rule) in REFUSED, rule.rule
        # A token of ours is none of TMDb's, and is not sent there.
        assert ask(caller, method, rule) in REFUSED, rule.rule


def test_pages_of_the_signed_in_send_nobody_to_the_sign_in(
    app: Flask, adas: Session, adas_identity: Identity
) -> None:
    ids = {"session_id": adas.uuid, "identity_id": adas_identity.id}
    for method, rule in routes(app, "signed in, pages", "owners, pages"):
        mine = {name: value for name, value in ids.items() if name in rule.arguments}
        answer = ask_by_form(app.test_client(), method, rule, **mine)
        assert answer.status_code == (302 if method == "GET" else 303), rule.rule
        assert answer.headers["Location"].startswith("/sign-in"), rule.rule


@pytest.mark.parametrize("person", ["ben", "cleo"])
def test_what_is_anothers_does_not_exist_on_pages_either(
    app: Flask,
    adas: Session,
    adas_identity: Identity,
    person: str,
    request: pytest.FixtureRequest,
) -> None:
    browser = signed_in_browser(app, request.getfixturevalue(person))
    ids = {"session_id": adas.uuid, "identity_id": adas_identity.id}
    for method, rule in routes(app, "owners, pages"):
        mine = {name: value for name, value in ids.items() if name in rule.arguments}
        assert ask_by_form(browser, method, rule, **mine).status_code in ABSENT, rule.rule


@pytest.mark.parametrize("person", ["ben", "cleo"])
def test_the_signed_in_get_to_their_own_pages(
    app: Flask, person: str, request: pytest.FixtureRequest
) -> None:
    for method, rule in routes(app, "signed in, pages"):
        browser = signed_in_browser(app, request.getfixturevalue(person))
        answer = ask_by_form(browser, method, rule)
        assert answer.status_code in {200, 303, 409, 422}, (rule.rule, answer.status_code)
        assert "/sign-in" not in answer.headers.get("Location", ""), rule.rule
        assert answer.headers["Cache-Control"] == "private, no-store", rule.rule
