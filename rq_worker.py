"""`python rq_worker.py` works the queues, `python rq_worker.py cron` feeds the periodic ones."""

import sys
from collections.abc import Sequence

from moviesite import log_store
from moviesite.app import create_app
from moviesite.config import ConfigError, load_config
from moviesite.processes.background import feed, work
from moviesite.processes.children import die_with_supervisor
from moviesite.processes.terminal import complain

USAGE = "usage: python rq_worker.py [cron]"


def main(arguments: Sequence[str]) -> int:
    """Run one background program until a signal; exit code 2 for wrong settings or arguments."""
    if list(arguments) not in ([], ["cron"]):
        return complain(2, USAGE)
    die_with_supervisor()
    try:
        config = load_config()
    except ConfigError as error:
        return complain(2, str(error))
    if not config.redis_url:
        return complain(2, "REDIS_URL must name a Redis server; `make run` brings its own.")
    run = feed if arguments else work
    app = create_app(config)
    log_store.write_directly()
    return run(app.app_context, config.redis_url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
