"""How often the source of movies is asked, counted at a server that stands in for it.

    python -m benchmarks.upstream --catalogue films.jsonl.gz

A thousand page views whose titles follow Zipf's law over five thousand, again after a restart with
a warm Redis, and one title that sixty-four readers miss at the same moment.
"""

import argparse
import random
import tempfile
import threading
import urllib.error
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks import serving
from benchmarks.table import Row, at_most, markdown
from moviesite.demo import catalogue
from moviesite.demo.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VIEWS, TITLES, EXPONENT, READERS = 1_000, 5_000, 1.0, 64
# A larger catalogue than the bundled one, where it lies beside the project.
_LARGER = serving.ROOT.parent / "shared" / "data" / "tmdb" / "films-5000.jsonl.gz"
FILMS = _LARGER if _LARGER.is_file() else None


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_said: object) -> None:
        """Say nothing."""


class CountingSource:
    """A TMDb over a catalogue that counts what it is asked."""

    def __init__(self, films: Path | None) -> None:
        self.asked: Counter[str] = Counter()
        self._answer = create_server(films)
        self._lock = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Count and answer."""
        with self._lock:
            self.asked[environ["PATH_INFO"]] += 1
        return self._answer(environ, start_response)

    def movies(self) -> int:
        """How often movies were asked for since the last time."""
        with self._lock:
            found = sum(n for path, n in self.asked.items() if path.startswith("/3/movie/"))
            self.asked.clear()
        return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=FILMS)
    print(markdown(measured(parser.parse_args().catalogue)))


def measured(films: Path | None = FILMS) -> list[Row]:
    """Calls for movies' pages in each of the three situations."""
    titles = sorted(catalogue.load(films).films)[:TITLES]
    views, alone = _zipf(titles), titles[-1]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis_url = stack.enter_context(serving.redis_server(folder))
        source, address = stack.enter_context(listening(CountingSource(films)))
        env = serving.environment(
            folder, REDIS_URL=redis_url, TMDB_BASE_URL=address, TMDB_API_KEY="counted"
        )
        serving.prepare(env)
        with serving.web(env) as (site, _):
            refused = _view(site, views)
            first = source.movies()
        with serving.web(env) as (site, _):
            refused += _view(site, views)
            again = source.movies()
            answered = _at_once(site, alone)
            together = source.movies()
    distinct = len(set(views))
    of = f"{VIEWS:,} page views, Zipf over {len(titles):,} titles"
    return [
        at_most(f"{of}: upstream calls ({distinct} distinct titles)", first, distinct, "", 0),
        at_most("the same after a warm restart: upstream calls", again, 0, "", 0),
        at_most("of these views, not answered", refused, 0, "", 0),
        at_most(f"a title missed by {READERS} at once: upstream calls", together, 1, "", 0),
        Row(f"of these {READERS}, answered at once", str(answered)),
    ]


@contextmanager
def listening(source: CountingSource) -> Iterator[tuple[CountingSource, str]]:
    """The source at an address of this machine, for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, source, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield source, f"http://127.0.0.1:{server.server_port}/3"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _zipf(titles: list[int]) -> list[int]:
    chance = random.Random(7)
    weights = [1 / rank**EXPONENT for rank in range(1, len(titles) + 1)]
    return chance.choices(titles, weights, k=VIEWS)


def _view(site: str, movie_ids: list[int]) -> int:
    """Four readers at once; how many views had no page."""
    with ThreadPoolExecutor(4) as readers:
        return list(readers.map(lambda movie_id: _page(site, movie_id), movie_ids)).count(False)


def _at_once(site: str, movie_id: int) -> int:
    """All readers at the same moment; how many had the page."""
    gate = threading.Barrier(READERS)

    def ask(_: int) -> bool:
        gate.wait()
        return _page(site, movie_id)

    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(ask, range(READERS))).count(True)


def _page(site: str, movie_id: int) -> bool:
    try:
        serving.fetch(f"{site}/movie/{movie_id}")
    except urllib.error.HTTPError:
        return False
    return True


if __name__ == "__main__":
    main()
