"""The README's table of jobs says how they are run."""

import re

from moviesite.queue import PERIODIC, RULES, Job
from tests.test_backup import README

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def span(seconds: int) -> str:
    """Seconds as the table writes them."""
    found = ((size, unit) for size, unit in _UNITS if seconds >= size and seconds % size == 0)
    size, unit = next(found, (1, "s"))
    return f"{seconds // size} {unit}"


def test_the_table_of_jobs_is_the_one_that_is_used() -> None:
    every = {periodic.job: periodic.seconds for periodic in PERIODIC}
    text = README.read_text()
    for job in Job:
        rule = RULES[job]
        comes = f"every {span(every[job])}" if job in every else "when asked for"
        told = [comes, rule.queue, span(rule.timeout), ", ".join(map(span, rule.retry_after))]
        row = re.search(rf"^\| `{job.name.lower()}` \|[^|]+\| (.+) \|$", text, re.MULTILINE)
        assert row, job
        assert row[1].split(" | ") == told, job
    rows = re.findall(r"\| (?:every [^|]+|when asked for) \| (?:high|default|low) \|", text)
    assert len(rows) == len(Job)
