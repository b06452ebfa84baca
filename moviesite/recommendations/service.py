"""Says which model is in service. Learns nothing, and so does without scipy.

What a model is learnt from, and whether it may serve, is said in `training_service`.
"""

import structlog
from sqlalchemy.exc import IntegrityError

from moviesite.errors import Conflict, NotFound
from moviesite.extensions import db
from moviesite.models import RecommenderRun
from moviesite.models.recommendations import IN_SERVICE, REPLACED
from moviesite.recommendations import in_service, model_files, queries
from moviesite.recommendations.serving import Model, UnusableModel
from moviesite.transactions import after_commit, transactional

log = structlog.get_logger(__name__)


def roll_back() -> RecommenderRun:
    """Put the model that was replaced last back into service; the training that made it.

    Done twice, the newer one is back. Raises NotFound where none is left whose files are whole,
    Conflict where another model was put into service at the same time.
    """
    run = previous()
    if run is None:
        raise NotFound("There is no earlier model.")
    put_into_service(run.version)
    log.info("rolled back", version=run.version)
    return run


def previous() -> RecommenderRun | None:
    """The training whose model `roll_back` would put into service."""
    replaced = (run for run in queries.runs() if run.status == REPLACED)
    return next((run for run in replaced if _is_usable(run.version)), None)


@transactional
def put_into_service(version: str) -> None:
    """One transaction: readers see the old model or the new one.

    Raises NotFound where nothing is known of the version, Conflict where somebody else turned to
    another at the same time.
    """
    run = queries.run_of(version)
    if run is None:
        raise NotFound("No such model.")
    before = queries.run_in_service()
    if before is not None:
        before.status = REPLACED
        db.session.flush()
    run.status = IN_SERVICE
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("Another model was put into use at the same time.") from error
    after_commit(in_service.look_again)


def _is_usable(version: str) -> bool:
    try:
        Model.load(model_files.folder_of(version))
    except UnusableModel:
        return False
    return True
