# syntax=docker/dockerfile:1
# The packages are installed in a stage of its own: no compiler, no cache and no pip's leftovers
# reach the image that runs.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
# What makes no difference to a program but to its log and its memory.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2
ENV MOVIESITE_ENV=production INSTANCE_DIR=/var/lib/moviesite PORT=8000
# implicit and scipy are linked against it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libgomp1 \
  && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/moviesite --create-home moviesite
WORKDIR /srv/moviesite
COPY --from=packages /opt/venv /opt/venv
COPY wsgi.py rq_worker.py ./
COPY migrations migrations
COPY moviesite moviesite
RUN python -m compileall -q moviesite migrations
USER 10001
# Uploaded pictures and what recommending learnt; see "Deploy" in README.md.
VOLUME /var/lib/moviesite
EXPOSE 8000
# 503 without its database or its tables; without Redis or a worker the site still serves.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health/ready', timeout=4)"]
CMD ["gunicorn", "--config", "python:moviesite.processes.server"]
