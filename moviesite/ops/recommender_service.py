"""Puts an earlier model back into service, by hand; the act is in the audit log. No web."""

from moviesite import audit
from moviesite.audit import Act, Subject
from moviesite.models import RecommenderRun, User
from moviesite.recommendations import service as recommender
from moviesite.transactions import transactional


@transactional
def roll_back(actor: User) -> RecommenderRun:
    """Put the model that was replaced last back into service; the training that made it.

    Done twice, the newer one is back. Raises NotFound where none is left, Conflict where another
    was put into service at the same time.
    """
    run = recommender.roll_back()
    audit.record(actor, Act.MODEL_ROLL_BACK, Subject("model", run.version))
    return run
