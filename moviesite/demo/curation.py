"""Chooses which films the demo shows, and says which are its cornerstones. Writes no file.

How widely a film is known upstream is used for choosing alone; no such number is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

Row = dict[str, Any]

# What a visitor is likely to look for, or a repertory cinema would not be without.
_TITLES: Final = """
Intolerance; The Big Parade; Metropolis; Pandora's Box; The Broadway Melody; Hell's Angels;
A Farewell to Arms; 42nd Street; It Happened One Night; Top Hat; Modern Times;
Snow White and the Seven Dwarfs; The Wizard of Oz; Gone with the Wind;
Mr. Smith Goes to Washington; Pinocchio; Fantasia; Rebecca; How Green Was My Valley; Casablanca;
Bambi; The Lost Weekend; Spellbound; It's a Wonderful Life; The Best Years of Our Lives;
The Lady from Shanghai; Red River; A Streetcar Named Desire; Singin' in the Rain; High Noon;
From Here to Eternity; Seven Samurai; On the Waterfront; Ordet; 12 Angry Men;
The Bridge on the River Kwai; Some Like It Hot; Psycho; The Apartment; West Side Story;
The Hustler; Lawrence of Arabia; To Kill a Mockingbird; Dr. No; The Man Who Shot Liberty Valance;
The Great Escape; From Russia with Love; Goldfinger;
Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb; Mary Poppins;
A Fistful of Dollars; A Hard Day's Night; My Fair Lady; The Sound of Music; Doctor Zhivago;
Pierrot le Fou; The Good, the Bad and the Ugly; 2001: A Space Odyssey; Rosemary's Baby;
Once Upon a Time in the West; Night of the Living Dead; Midnight Cowboy; The Wild Bunch;
Butch Cassidy and the Sundance Kid; The Conformist; The French Connection; The Godfather; Solaris;
Cries and Whispers; The Exorcist; The Sting; Mean Streets; American Graffiti; The Conversation;
The Godfather: Part II; Young Frankenstein; Jaws; Taxi Driver; One Flew Over the Cuckoo's Nest;
Star Wars; Annie Hall; Close Encounters of the Third Kind; Alien; Apocalypse Now; Mad Max;
Halloween; The Shining; The Empire Strikes Back; Raging Bull; The Elephant Man;
Raiders of the Lost Ark; Das Boot; Blade Runner; E.T. the Extra-Terrestrial; Return of the Jedi;
Scarface; Amadeus; The Terminator; Once Upon a Time in America; Ghostbusters; Back to the Future;
Brazil; Aliens; Platoon; The Princess Bride; Akira; Die Hard; Do the Right Thing; Batman;
Dead Poets Society; Indiana Jones and the Last Crusade; GoodFellas; Edward Scissorhands;
The Silence of the Lambs; Terminator 2: Judgment Day; Unforgiven; Reservoir Dogs; Aladdin;
Groundhog Day; Jurassic Park; Schindler's List; Pulp Fiction; The Lion King; Forrest Gump;
The Shawshank Redemption; Se7en; Toy Story; Braveheart; The Usual Suspects; Trainspotting;
Titanic; L.A. Confidential; Princess Mononoke; Good Will Hunting; The Fifth Element;
The Big Lebowski; The Truman Show; Saving Private Ryan; Run Lola Run; Central Station;
The Thin Red Line; The Matrix; Fight Club; The Sixth Sense; American Beauty; Magnolia;
The Green Mile; Gladiator; Memento; Requiem for a Dream; Almost Famous; Amores perros;
Crouching Tiger, Hidden Dragon; Amélie; Spirited Away; Mulholland Drive; Donnie Darko;
The Royal Tenenbaums; Y Tu Mamá También; Monsters, Inc.;
The Lord of the Rings: The Fellowship of the Ring; The Lord of the Rings: The Two Towers;
The Lord of the Rings: The Return of the King; City of God; The Pianist; Hero; Oldboy;
Lost in Translation; Finding Nemo; Kill Bill: Vol. 1; The Triplets of Belleville;
Eternal Sunshine of the Spotless Mind; Downfall; Howl's Moving Castle; Before Sunset;
The Incredibles; Hotel Rwanda; Batman Begins; Brokeback Mountain; Pan's Labyrinth;
The Lives of Others; Children of Men; The Departed; The Prestige; Casino Royale; Volver;
Ratatouille; No Country for Old Men; There Will Be Blood; Persepolis; Zodiac; Into the Wild;
The Diving Bell and the Butterfly; 4 Months, 3 Weeks and 2 Days; The Dark Knight; WALL·E;
Waltz with Bashir; In Bruges; The Secret in Their Eyes; The White Ribbon; Up; Moon;
Inglourious Basterds; District 9; Avatar; Inception; The Social Network; Black Swan; Toy Story 3;
Incendies; A Separation; Drive; The Artist; The Tree of Life; Melancholia; Hugo; Amour; The Hunt;
Life of Pi; Django Unchained; Moonrise Kingdom; The Avengers; 12 Years a Slave; Gravity; Her;
Prisoners; Ida; The Great Beauty; Snowpiercer; The Lunchbox; The Act of Killing;
Inside Llewyn Davis; Before Midnight; Interstellar; Whiplash; Boyhood; The Grand Budapest Hotel;
Gone Girl; Birdman; Nightcrawler; Ex Machina; Sicario; Mad Max: Fury Road; Inside Out;
The Martian; Spotlight; Room; The Revenant; The Big Short; Brooklyn; Bridge of Spies;
The Jungle Book; The Wailing; Deadpool
"""
CORNERSTONES: Final = frozenset(title.strip() for title in _TITLES.split(";"))

# How many films of a decade are wanted at most. Older decades are taken whole: few are known.
_PLACES: Final = dict(
    zip(
        range(1910, 2020, 10),
        (20, 20, 20, 30, 30, 70, 95, 165, 215, 315, 300),
        strict=True,
    )
)
_LATEST_FROM: Final = "2016-04-01"
_NOT_FOR_A_FOYER: Final = frozenset(
    {"Aroused", "Desire", "Orgazmo", "Pink Narcissus", "Shortbus", "The Stewardesses"}
)
_WRITING: Final = frozenset(
    [
        *("Screenplay", "Writer", "Story", "Novel", "Author", "Characters", "Original Story"),
        *("Book", "Screenstory", "Theatre Play", "Adaptation", "Musical", "Comic Book"),
        *("Short Story", "Scenario Writer", "Co-Writer", "Teleplay"),
    ]
)
_DIRECTING: Final = frozenset({"Director", "Co-Director"})
_WITHDRAWN_GENRES: Final = frozenset({10769})  # "Foreign", which TMDb gave up


def choose(films: Iterable[Row]) -> list[Row]:
    """The films of the demo by id: cornerstones, the newest, and the best known of each decade."""
    by_decade: dict[int, list[Row]] = defaultdict(list)
    for film in films:
        if _is_complete(film):
            by_decade[int(film["release_date"][:3]) * 10].append(film)
    chosen: list[Row] = []
    for decade, members in by_decade.items():
        members.sort(key=lambda film: (-_wish(film), film["id"]))
        chosen += members[: _PLACES.get(decade, 0)]
    return sorted(chosen, key=lambda film: int(film["id"]))


def is_cornerstone(film: Row) -> bool:
    """Whether a film is one of those that must not be missing."""
    return film["title"] in CORNERSTONES


def facts_of(film: Row) -> Row:
    """The facts of a film, and nothing else of its row."""
    return {
        "id": film["id"],
        "title": film["title"],
        "original_title": film["original_title"],
        "original_language": film["original_language"],
        "release_date": film["release_date"],
        "runtime": film["runtime"],
        "status": film["status"],
        "genres": [g for g in film["genres"] if g["id"] not in _WITHDRAWN_GENRES],
        "keywords": film["keywords"],
        "cast": [_credit(c, ("id", "name", "character", "order")) for c in film["cast"][:10]],
        "crew": [
            _credit(c, ("id", "name", "job", "department"))
            for c in film["crew"]
            if c["job"] in _DIRECTING | _WRITING
        ],
        "production_countries": film["production_countries"],
        "spoken_languages": film["spoken_languages"],
    }


def _credit(credit: Row, names: tuple[str, ...]) -> Row:
    return {name: credit[name] for name in names}


def _is_complete(film: Row) -> bool:
    return bool(
        film["release_date"]
        and film["runtime"]
        and film["genres"]
        and film["status"] == "Released"
        and len(film["cast"]) > 1
        and film["production_countries"]
        and any(credit["job"] == "Director" for credit in film["crew"])
        and film["title"] not in _NOT_FOR_A_FOYER
    )


def _wish(film: Row) -> float:
    """How much a film is wanted: the world beyond Hollywood counts several times."""
    if is_cornerstone(film) or film["release_date"] >= _LATEST_FROM:
        return float("inf")
    abroad = all(country["iso_3166_1"] != "US" for country in film["production_countries"])
    foreign = film["original_language"] != "en"
    return float(film["vote_count"]) * (2 if abroad else 1) * (6 if foreign else 1)
