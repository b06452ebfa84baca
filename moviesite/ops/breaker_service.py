"""Notes when a source falls silent and when it answers again; tells those who run the site, once.

Any number of processes may watch: of one source one row at most is open, and who marks it as told
is the one who tells.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from moviesite import clock
from moviesite.accounts.mails import worded
from moviesite.accounts.queries import user_of_job
from moviesite.config import current_config
from moviesite.database import changed_rows
from moviesite.extensions import db
from moviesite.models import BreakerOpening, User
from moviesite.providers.gate import current_gates
from moviesite.providers.mail import current_mailer
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

TELL_AFTER = dt.timedelta(minutes=5)
_MOST_TOLD = 20
_PAGE = "/admin/providers"


def watch() -> None:
    """Look at every breaker: note what opened and closed, tell of what is open for 5 minutes."""
    gates = current_gates()
    silent = [gate.name for gate in gates if gate.silent]
    _note(silent)
    _tell(clock.now() - TELL_AFTER)


@transactional
def _note(silent: Sequence[str]) -> None:
    open_rows = select(BreakerOpening.provider).where(BreakerOpening.closed_at.is_(None))
    known = set(db.session.scalars(open_rows))
    for name in set(silent) - known:
        _open(name)
    ended = update(BreakerOpening).where(
        BreakerOpening.closed_at.is_(None), BreakerOpening.provider.not_in(silent)
    )
    db.session.execute(ended.values(closed_at=clock.now()))


def _open(name: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(BreakerOpening(provider=name, opened_at=clock.now()))
    except IntegrityError:
        # Another process saw it a moment ago.
        return


@transactional
def _tell(since: dt.datetime) -> None:
    untold = (
        BreakerOpening.closed_at.is_(None),
        BreakerOpening.mailed_at.is_(None),
        BreakerOpening.opened_at <= since,
    )
    due = db.session.scalars(select(BreakerOpening.id).where(*untold)).all()
    for opening_id in due:
        mine = update(BreakerOpening).where(BreakerOpening.id == opening_id, *untold)
        if changed_rows(mine.values(mailed_at=clock.now())):
            _ask_for_mails(opening_id)


def _ask_for_mails(opening_id: int) -> None:
    admins = select(User.uuid).where(User.is_admin, User.is_active).order_by(User.id)
    for user_id in db.session.scalars(admins.limit(_MOST_TOLD)):
        enqueue(Job.WARN_OF_SOURCE, opening_id, str(user_id))


def warn(opening_id: int, user_id: str | int) -> None:
    """Mail one of those who run the site; raises Unavailable where the mail was not taken."""
    opening = db.session.get(BreakerOpening, opening_id)
    user = user_of_job(user_id)
    if opening is None or user is None or not (user.is_admin and user.is_active):
        return
    base = current_config().public_url
    facts = {
        "source": opening.provider,
        "since": f"{opening.opened_at:%H:%M}",
        "site": base.partition("://")[2],
        "base_url": base,
        "name": user.username,
        "link": base + _PAGE,
    }
    current_mailer().send(worded("source_down", user.email, facts))
