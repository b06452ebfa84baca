"""The demo's pictures, reckoned: sizes, names, contrast, and titles that stay inside."""

import ast
import gzip
import hashlib
import json
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviesite.demo.art import backdrop, logo, portrait, poster
from moviesite.demo.art.backdrops import THIN, thin_inks
from moviesite.demo.art.inks import COLOURWAYS, FAMILIES, contrast, family_of, inks, mix, rgb
from moviesite.demo.art.inks import text_on as ink_on
from moviesite.demo.art.metrics import BOLD, SANS, SERIF, width
from moviesite.demo.art.portraits import initials_of
from moviesite.demo.art.setting import LONGEST, clean, fit, wrap
from moviesite.demo.art.typographic import letter_of

ROOT = Path(__file__).parents[2]
FILMS_5000 = ROOT.parent / "shared/data/tmdb/films-5000.jsonl.gz"
BUNDLED = ROOT / "moviesite/demo/catalogue.jsonl.gz"
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {SVG + name for name in ("svg", "title", "g", "path", "circle", "text")}
ATTRIBUTES = {
    *("width", "height", "viewBox", "role", "fill", "d", "cx", "cy", "r", "opacity", "transform"),
    *("stroke", "stroke-width", "stroke-linecap", "stroke-dasharray", "x", "y", "textLength"),
    *("font-family", "font-weight", "font-size", "letter-spacing", "lengthAdjust", "direction"),
    "text-anchor",
}
DECADES = (None, *range(1890, 2040, 10))
PAPERS, TEXTS = ("#f5f0e6", "#14110d"), ("#1c1713", "#f0e8d9")
AT_154 = 154 / 300  # pixels of a poster shown 154 px wide, for each unit
HARD = (
    "M",
    "–",
    "Supercalifragilisticexpialidocious Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "千と千尋の神隠し",
    "القاهرة الثلاثون",
    "कभी अलविदा ना कहना",
    "ต้มยำกุ้ง",
    "Солярис & <Зеркало>",
    "W" * 300,
    "& " * 200,
    "風" * 400,
    "😀" * 90,
    "a\x00b\ud800c\x0bd",
    "e" + "\u0301" * 250,
)


def films():
    """All films of the catalogues that are here, as arguments of `poster`."""
    for path in (BUNDLED, FILMS_5000):
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from map(facts_of, map(json.loads, lines))


def facts_of(row):
    directors = (one["name"] for one in row["crew"] if one["job"] == "Director")
    return {
        "movie_id": row["id"],
        "title": row["title"],
        "year": int(row["release_date"][:4]) if row["release_date"] else None,
        "genre_ids": [genre["id"] for genre in row["genres"]],
        "director": next(directors, None),
    }


def film(number, title, year=1999, genre=18):
    return {
        "movie_id": number,
        "title": title,
        "year": year,
        "genre_ids": [genre],
        "director": "Agnès Varda",
    }


@pytest.fixture(scope="module")
def catalogue():
    found = list(films())
    return found or pytest.skip("no catalogue is here")


@pytest.fixture(scope="module")
def covers(catalogue):
    return [poster(**facts) for facts in catalogue]


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - our own markup


def texts_of(svg):
    """(words, left, right, top, bottom, size) of every line, by the font's own ascent."""
    for group in parsed(svg).iter(SVG + "g"):
        for line in group.findall(SVG + "text"):
            size, y = float(group.get("font-size")), float(line.get("y"))
            left, long = float(line.get("x")), float(line.get("textLength"))
            yield line.text, left, left + long, y - 0.91 * size, y + 0.22 * size, size


def title_of(svg, title):
    """Lines of the title and their size: the group whose words make it up."""
    for group in parsed(svg).iter(SVG + "g"):
        words = "".join(line.text for line in group.findall(SVG + "text"))
        if words.replace(" ", "") == clean(title).replace(" ", ""):
            return float(group.get("font-size"))
    return None


def assert_sound(svg, wide, high):
    assert len(svg.encode()) <= 4096
    root = parsed(svg)
    assert root.find(SVG + "title").text
    for element in root.iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    assert "url(" not in svg
    for words, left, right, top, bottom, _ in texts_of(svg):
        assert left >= 0, words
        assert right <= wide, words
        assert top >= 0, words
        assert bottom <= high, words


def test_no_title_of_a_catalogue_is_clipped_or_cut(catalogue, covers):
    for facts, svg in zip(catalogue, covers, strict=True):
        assert_sound(svg, 300, 450)
        assert title_of(svg, facts["title"]), facts["title"]


def test_titles_keep_to_the_margins(catalogue, covers):
    ends = [(left, right) for svg in covers for _, left, right, *_ in texts_of(svg)]
    assert min(left for left, _ in ends) >= 23.9
    assert max(right for _, right in ends) <= 276.1


def test_titles_can_be_read_at_154_pixels(catalogue, covers):
    sizes = sorted(
        AT_154 * title_of(svg, facts["title"]) for facts, svg in zip(catalogue, covers, strict=True)
    )
    assert sizes[len(sizes) // 20] >= 11
    assert sizes[0] >= 9


@pytest.mark.parametrize("title", HARD)
def test_hard_titles_stay_inside_every_composition(title):
    for number in range(1, 120):
        assert_sound(poster(**film(number, title)), 300, 450)
    assert_sound(backdrop(movie_id=1, title=title, year=None, genre_ids=[]), 320, 180)
    assert_sound(portrait(person_id=1, name=title), 200, 300)
    assert_sound(logo(provider_id=1, name=title), 100, 100)


@settings(max_examples=150, deadline=None)
@given(
    number=st.integers(-(2**63), 2**63),
    title=st.text(max_size=400),
    year=st.none() | st.integers(1, 9999),
    genres=st.lists(st.sampled_from([*FAMILIES, 1, 99999]), max_size=6),
    director=st.none() | st.text(max_size=300),
)
def test_whatever_comes_in_a_sound_picture_comes_out(number, title, year, genres, director):
    svg = poster(movie_id=number, title=title, year=year, genre_ids=genres, director=director)
    assert_sound(svg, 300, 450)
    for thin in (False, True):
        wide = backdrop(movie_id=number, title=title, year=year, genre_ids=genres, behind_text=thin)
        assert_sound(wide, 320, 180)
    assert_sound(portrait(person_id=number, name=title), 200, 300)
    assert_sound(logo(provider_id=number, name=title), 100, 100)


def test_other_pictures_of_a_catalogue_are_sound(catalogue):
    for facts in catalogue[:400]:
        known = {key: value for key, value in facts.items() if key != "director"}
        assert_sound(backdrop(**known), 320, 180)
        assert_sound(backdrop(**known, behind_text=True), 320, 180)
        assert_sound(portrait(person_id=facts["movie_id"], name=facts["director"] or ""), 200, 300)


def test_backdrops_say_nothing(catalogue):
    known = {key: value for key, value in catalogue[0].items() if key != "director"}
    assert "<text" not in backdrop(**known)


@pytest.mark.parametrize("family", FAMILIES)
def test_words_have_contrast_on_every_ground_of_every_decade(family):
    for decade in DECADES:
        for colourway in range(COLOURWAYS):
            for plated in (False, True):
                k = inks(family, decade, colourway, plated)
                assert contrast(k.text, k.ground) >= 4.5
                assert contrast(k.panel_text, k.panel) >= 4.5
                assert contrast(ink_on(k.field, k.text, k.ground), k.field) >= 4.5
                assert contrast(ink_on(k.first, k.text, k.ground), k.first) >= 4.5


@pytest.mark.parametrize("family", FAMILIES)
def test_page_text_keeps_its_contrast_over_a_thin_backdrop_in_both_moods(family):
    for decade in DECADES:
        k = thin_inks(family, decade)
        for paper, text in zip(PAPERS, TEXTS, strict=True):
            for ink in (k.first, k.second, k.third):
                assert contrast(text, mix(paper, rgb(ink), THIN)) >= 4.5


@pytest.mark.parametrize("family", FAMILIES)
def test_old_films_are_printed_on_yellower_paper(family):
    def yellowness(decade):
        red, _, blue = rgb(inks(family, decade, 0, False).ground)
        return red - blue

    assert yellowness(1930) > yellowness(1970) > yellowness(2010)


def test_the_most_telling_genre_gives_the_colour():
    assert family_of([18, 35, 27]) == 27
    assert family_of([28, 12, 878]) == 878
    assert family_of([18]) == 18
    assert family_of([]) == 0
    assert family_of([424242]) == 0


def test_same_facts_give_the_same_bytes_on_every_machine():
    drawn = "".join(
        (
            poster(**film(1, "The Rules of the Game", 1939)),
            poster(**film(17, "Playtime", None, 35)),
            backdrop(movie_id=5, title="Stalker", year=1979, genre_ids=[878]),
            portrait(person_id=7, name="Setsuko Hara"),
            logo(provider_id=9, name="Lantern"),
        )
    )
    assert hashlib.sha256(drawn.encode()).hexdigest() == SNAPSHOT


SNAPSHOT = "69856f39d338ac883cb86fff122dd2650dd9c1467efef043dc30f8f6ead72c44"


def test_a_poster_takes_less_than_a_millisecond(catalogue):
    batches = [catalogue[i : i + 200] for i in range(0, 600, 200)]
    took = []
    for batch in batches:
        start = time.process_time()
        for facts in batch:
            poster(**facts)
        took.append((time.process_time() - start) / len(batch))
    assert min(took) < 0.001


def test_lines_break_between_words_after_hyphens_and_never_before_an_accent():
    assert wrap(BOLD, "Spider-Man", 50, 200) == ("Spider-", "Man")
    assert wrap(BOLD, "One Two", 50, 120) == ("One", "Two")
    for line in wrap(BOLD, "e\u0301" * 40, 30, 100):
        assert line.startswith("e")


def test_the_largest_size_that_fits_is_taken():
    found = fit(BOLD, "Alien", 252, 76, (58.0, 45.0, 30.0))
    assert found.size == 58
    assert fit(BOLD, "Alien", 20, 76, (58.0, 45.0)) is None


def test_accents_are_as_wide_as_their_letters_and_chinese_is_full():
    for face in (BOLD, SANS, SERIF):
        assert width(face, "é", 100) == width(face, "e", 100)
        assert width(face, "風", 100) == pytest.approx((1 + face.tracking) * 100)


def test_long_titles_end_in_an_ellipsis():
    assert clean("x" * 500) == "x" * (LONGEST - 1) + "…"
    assert clean("  a\n b\x00 ") == "a b"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Agnès Varda", "AV"),
        ("Florian Henckel von Donnersmarck", "FD"),
        ("Madonna", "M"),
        ("徐帆", "徐"),
        ("ßeta", "S"),
        ("'Carrot' O’Brien", "CO"),
        ("", "–"),
        ("***", "–"),
    ],
)
def test_initials_are_of_the_first_and_the_last_name(name, letters):
    assert initials_of(name) == letters


@pytest.mark.parametrize(
    ("title", "letter"),
    [("The Third Man", "T"), ("The Apartment", "A"), ("8½", "8"), ("A", "A"), ("–", "–")],
)
def test_a_title_is_filed_under_its_first_word_that_is_no_article(title, letter):
    assert letter_of(title) == letter


def test_right_to_left_titles_hang_from_the_right_of_their_line():
    svg = poster(**film(3, "القاهرة"))
    assert 'direction="rtl"' in svg
    assert 'direction="rtl"' not in poster(**film(3, "Cairo"))


def test_names_are_escaped():
    svg = poster(**film(3, 'Tom & "Jerry" <3'))
    assert parsed(svg).find(SVG + "title").text == 'Tom & "Jerry" <3 (1999)'


def test_the_art_stands_alone():
    """Standard library only, and nothing of the rest of the site."""
    for path in (ROOT / "moviesite/demo/art").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or alias.name for alias in node.names]
                for name in names:
                    own = name == "moviesite.demo.art" or name.startswith("moviesite.demo.art.")
                    assert own or name.split(".")[0] in sys.stdlib_module_names, path
