"""The pages that genres and keywords have in common, made once for each. No statement."""

import marshmallow as ma
from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import term_queries, term_service
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.admin.schemas import page_asked
from moviesite.admin.term_queries import Kind
from moviesite.admin.term_schemas import TermsArgs
from moviesite.web import admins
from moviesite.web.admins import confirmed, done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit


class _Views:
    """The views of one kind."""

    def __init__(self, kind: Kind, schema: type[ma.Schema]) -> None:
        self.kind, self.schema = kind, schema

    def everything(self) -> AnyResponse:
        """A page of them, with the field that adds one."""
        return self._list(Form("add"))

    def add(self) -> AnyResponse:
        """Add one that no source has."""
        form = Form("add")
        try:
            given = form.load(self.schema, {"name": request.form.get("name", "")})
            term_service.add(current_user(), self.kind, given["name"])
        except REFUSALS as error:
            return self._list(form.fail(error))
        return done(f"“{given['name']}” is added.", self._home())

    def one(self, term_id: int) -> AnyResponse:
        """One of them, to be renamed."""
        term = term_queries.term(self.kind, term_id)
        return self._one(term_id, Form("edit", {"name": term.name}))

    def rename(self, term_id: int) -> AnyResponse:
        """Call it otherwise."""
        form = Form("edit")
        try:
            given = form.load(self.schema, {"name": request.form.get("name", "")})
            term_service.rename(current_user(), self.kind, term_id, given["name"])
        except REFUSALS as error:
            return self._one(term_id, form.fail(error))
        return done("The name is saved.", address_of(".one", term_id=term_id))

    def reset(self, term_id: int) -> AnyResponse:
        """Call it as its source does again."""
        try:
            term_service.reset(current_user(), self.kind, term_id)
        except REFUSALS as error:
            return self._one(term_id, Form("edit").fail(error))
        return done("The name is reset to the source’s.", address_of(".one", term_id=term_id))

    def ask_removal(self, term_id: int) -> AnyResponse:
        """What goes with it, before it goes."""
        term = term_queries.term(self.kind, term_id)
        return answered("admin/term_remove.html", Form("remove"), kind=self.kind, term=term)

    def remove(self, term_id: int) -> AnyResponse:
        """Take it off every film."""
        term = term_queries.term(self.kind, term_id)
        term_service.remove(current_user(), self.kind, term_id)
        return done(f"“{term.name}” is removed.", self._home())

    def restore(self, term_id: int) -> AnyResponse:
        """Let a removed one in again."""
        try:
            term_service.restore(current_user(), self.kind, term_id)
        except REFUSALS as error:
            return self._list(Form("add").fail(error))
        return done("It is restored.", address_of(".one", term_id=term_id))

    def _home(self) -> str:
        return address_of(f".{self.kind.name}s")

    def _list(self, form: Form) -> AnyResponse:
        args = page_asked(TermsArgs, request.args)
        search, page = args.get("search", ""), args["page"]
        found = term_queries.terms(self.kind, search, page=page)
        removed = term_queries.removed(self.kind) if page == 1 else []
        shown = {"found": found, "search": search, "page": page, "removed": removed}
        return answered("admin/terms.html", form, kind=self.kind, **shown)

    def _one(self, term_id: int, form: Form) -> AnyResponse:
        term = term_queries.term(self.kind, term_id)
        return answered("admin/term.html", form, kind=self.kind, term=term)


def term_pages(kind: Kind, schema: type[ma.Schema]) -> Blueprint:
    """The blueprint of one kind, below `/admin/genres` or `/admin/keywords`."""
    name = f"{kind.name}s"
    pages = Blueprint(f"admin_{kind.name}_pages", __name__, url_prefix=f"/admin/{name}")
    admins.guard(pages)
    views = _Views(kind, schema)
    for method, rule, endpoint, view in (
        ("GET", "", name, views.everything),
        ("POST", "", "add", views.add),
        ("GET", "/<id:term_id>", "one", views.one),
        ("POST", "/<id:term_id>", "rename", views.rename),
        ("POST", "/<id:term_id>/reset", "reset", views.reset),
        ("POST", "/<id:term_id>/restore", "restore", views.restore),
        ("GET", "/<id:term_id>/remove", "ask_removal", confirmed(views.ask_removal)),
        ("POST", "/<id:term_id>/remove", "remove", confirmed(views.remove)),
    ):
        pages.add_url_rule(rule, endpoint, browse_limit(view), methods=[method])
    return pages
