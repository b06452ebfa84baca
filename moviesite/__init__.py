"""moviesite: a movie site and a JSON API on one model layer and one TMDb service."""

import os

# Before numpy is first imported. Its library would start a thread for each core, and these wait
# for each other actively: on a machine that is busy with visitors a person's recommendations then
# take seconds instead of milliseconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
