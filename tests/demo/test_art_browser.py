"""The demo's pictures as a real browser sets them: nothing runs out, every word reads."""

import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from moviesite.demo.art import logo, portrait, poster
from moviesite.demo.art.inks import contrast

ROOT = Path(__file__).parents[2]
FILMS_5000 = ROOT.parent / "shared/data/tmdb/films-5000.jsonl.gz"
BUNDLED = ROOT / "moviesite/demo/catalogue.jsonl.gz"
ELSEWHERE = ["القاهرة الثلاثون", "कभी अलविदा ना कहना", "ต้มยำกุ้ง", "千と千尋の神隠し", "Солярис"]

# Line boxes of every text in the units of its picture, with the width the font itself would take.
BOXES = """svgs => svgs.map(markup => {
  const holder = document.createElement('div')
  holder.innerHTML = markup
  document.body.replaceChildren(holder)
  return [...holder.querySelectorAll('text')].map(line => {
    const box = line.getBBox(), asked = Number(line.getAttribute('textLength'))
    line.removeAttribute('textLength')
    const box_of = [box.x, box.y, box.x + box.width, box.y + box.height]
    return {box: box_of, asked, own: line.getComputedTextLength(), text: line.textContent,
            fill: line.parentNode.getAttribute('fill')}
  })
})"""

# Colours that lie under each line when the words are taken away, as it is seen through <img>.
GROUNDS = """async ([svgs, wide, high]) => {
  const found = []
  for (const markup of svgs) {
    const doc = new DOMParser().parseFromString(markup, 'image/svg+xml')
    const lines = [...doc.querySelectorAll('text')].map(line => {
      const size = Number(line.parentNode.getAttribute('font-size'))
      const start = Number(line.getAttribute('x')), y = Number(line.getAttribute('y'))
      return [start, y - 0.72 * size, Number(line.getAttribute('textLength')), 0.9 * size]
    })
    doc.querySelectorAll('text').forEach(line => line.remove())
    const picture = new Image()
    const bytes = new TextEncoder().encode(new XMLSerializer().serializeToString(doc))
    picture.src = URL.createObjectURL(new Blob([bytes], {type: 'image/svg+xml'}))
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = wide; canvas.height = high
    const pen = canvas.getContext('2d', {willReadFrequently: true})
    pen.drawImage(picture, 0, 0, wide, high)
    found.push(lines.map(([x, y, w, h]) => {
      const data = pen.getImageData(Math.floor(x), Math.floor(y), Math.ceil(w), Math.ceil(h)).data
      const seen = new Set()
      for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 3).join())
      return [...seen]
    }))
  }
  return found
}"""

# Mean difference of two pictures seen small, 0 to 255 a channel.
THUMBS = """async svgs => {
  const all = []
  for (const markup of svgs) {
    const picture = new Image()
    picture.src = URL.createObjectURL(new Blob([markup], {type: 'image/svg+xml'}))
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = 20; canvas.height = 30
    const pen = canvas.getContext('2d', {willReadFrequently: true})
    pen.drawImage(picture, 0, 0, 20, 30)
    all.push([...pen.getImageData(0, 0, 20, 30).data])
  }
  return all
}"""

pytestmark = pytest.mark.browser


def rows_of(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def facts_of(row, title=None):
    directors = (one["name"] for one in row["crew"] if one["job"] == "Director")
    return {
        "movie_id": row["id"],
        "title": title or row["title"],
        "year": int(row["release_date"][:4]) if row["release_date"] else None,
        "genre_ids": [genre["id"] for genre in row["genres"]],
        "director": next(directors, None),
    }


def is_foreign(title):
    return any(ord(char) > 0x36F and not 0x2000 <= ord(char) < 0x2100 for char in title)


@pytest.fixture(scope="module")
def sample():
    """The longest hundred titles, a hundred and fifty spread over the rest, all foreign ones."""
    path = FILMS_5000 if FILMS_5000.exists() else BUNDLED
    if not path.exists():
        pytest.skip("no catalogue is here")
    rows = sorted(rows_of(path), key=lambda row: -len(row["title"]))
    chosen = [facts_of(row) for row in rows[:100] + rows[100 :: max(1, len(rows) // 150)]]
    foreign = [row for row in rows if is_foreign(row["original_title"])]
    chosen += [facts_of(row, row["original_title"]) for row in foreign]
    return chosen + [facts_of(rows[i], title) for i, title in enumerate(ELSEWHERE)]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    return chromium.new_page()


@pytest.mark.parametrize("stand_in", [None, "DejaVu Sans", "DejaVu Serif", "Liberation Mono"])
def test_every_line_stays_inside_whatever_font_stands_in(page, sample, stand_in):
    svgs = [poster(**facts) for facts in sample]
    if stand_in:
        for family in ("Helvetica,Arial,Liberation Sans,", "Times New Roman,Times,"):
            svgs = [svg.replace(f'"{family}', f'"{stand_in},{family}') for svg in svgs]
    for lines in page.evaluate(BOXES, svgs):
        for line in lines:
            left, top, right, bottom = line["box"]
            assert left >= 12, line
            assert right <= 288, line
            assert top >= -0.5, line
            assert bottom <= 450.5, line


def test_widths_that_were_reckoned_are_the_fonts_own(page, sample):
    """Kerning aside: so that no letter is visibly pressed or stretched."""
    svgs = [poster(**facts) for facts in sample if facts["title"].isascii()]
    lines = [line for found in page.evaluate(BOXES, svgs) for line in found]
    assert len(lines) > 500
    off = [abs(line["own"] / line["asked"] - 1) for line in lines if line["text"].isascii()]
    assert max(off) < 0.08
    assert sum(off) / len(off) < 0.02


def test_words_stand_on_one_ground_and_read_on_it(page, sample):
    pictures = [poster(**facts) for facts in sample]
    assert_readable(page, pictures, 300, 450)


def test_initials_stand_on_one_ground_and_read_on_it(page):
    names = ["Agnès Varda", "W W", "徐帆", "Q"]
    busts = [portrait(person_id=n, name=names[n % 4]) for n in range(120)]
    assert_readable(page, busts, 200, 300)
    marks = [logo(provider_id=n, name=names[n % 4]) for n in range(80)]
    assert_readable(page, marks, 100, 100)


def assert_readable(page, pictures, wide, high):
    inks = [[line["fill"] for line in lines] for lines in page.evaluate(BOXES, pictures)]
    grounds = page.evaluate(GROUNDS, [pictures, wide, high])
    for picture, of_lines, under in zip(pictures, inks, grounds, strict=True):
        for ink, colours in zip(of_lines, under, strict=True):
            assert len(colours) == 1, picture
            ground = "#" + "".join(f"{int(part):02x}" for part in colours[0].split(","))
            assert contrast(ink, ground) >= 4.5, picture


def test_neighbours_look_different_also_to_one_who_only_glances(page):
    """Composition and palette are names; here the pictures themselves are compared."""
    if not BUNDLED.exists():
        pytest.skip("the bundled catalogue is not here")
    rows = sorted(rows_of(BUNDLED), key=lambda row: row["title"])[:240]
    thumbs = page.evaluate(THUMBS, [poster(**facts_of(row)) for row in rows])
    for step in (1, 4, 6, 8):
        for one, other in zip(thumbs, thumbs[step:], strict=False):
            apart = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / (20 * 30 * 3)
            assert apart > 12
