"""The words that rules know, folded, and what each stands for. Values alone: no rule, no look-up.

Numbers of genres are TMDb's.
"""

import re
from collections.abc import Iterable

import babel

from moviesite.text import fold

ACTION, ADVENTURE, ANIMATION, COMEDY, CRIME, DOCUMENTARY = 28, 12, 16, 35, 80, 99
DRAMA, FAMILY, FANTASY, HISTORY, HORROR, MUSIC = 18, 10751, 14, 36, 27, 10402
MYSTERY, ROMANCE, SCIENCE_FICTION, TV_MOVIE, THRILLER = 9648, 10749, 878, 10770, 53
WAR, WESTERN = 10752, 37

# Each entry is a pattern of folded words; an `s` at the end is always allowed.
GENRES: dict[str, tuple[int, ...]] = {
    r"rom ?com|romantic comed(?:y|ie)": (ROMANCE, COMEDY),
    r"dramed(?:y|ie)|dramatic comed(?:y|ie)|comedy drama": (DRAMA, COMEDY),
    r"action adventure": (ACTION, ADVENTURE),
    r"science fiction|sci ?fi|scifi|sf": (SCIENCE_FICTION,),
    r"action(?: packed)?|shoot em up": (ACTION,),
    r"adventure|adventurou|swashbuckler": (ADVENTURE,),
    r"animation|animated|cartoon|anime": (ANIMATION,),
    r"comed(?:y|ie)|comedic|funny|hilariou|humou?r|humorou|laugh(?: out loud)?": (COMEDY,),
    r"crime|gangster|noir": (CRIME,),
    r"documentar(?:y|ie)|docu": (DOCUMENTARY,),
    r"drama|dramatic|tear ?jerker|weepie|(?:to|makes? (?:me|you)) cry|sad": (DRAMA,),
    r"famil(?:y|ie)(?: friendly)?|kid(?: friendly)?|child(?:ren)?(?: friendly)?": (FAMILY,),
    r"fantas(?:y|ie)|fantastical": (FANTASY,),
    r"histor(?:y|ical)|period(?: piece| drama)?|costume drama": (HISTORY,),
    r"horror|scary|frightening|terrifying|creepy|spooky|slasher": (HORROR,),
    r"music(?:al)?|concert": (MUSIC,),
    r"myster(?:y|ie)|mysteriou|whodunn?it|detective": (MYSTERY,),
    r"romance|romantic|love stor(?:y|ie)": (ROMANCE,),
    r"thriller|suspense(?:ful)?|thrilling|nail ?biter|tense|gripping": (THRILLER,),
    r"war(?:time)?": (WAR,),
    r"western|cowboy": (WESTERN,),
    r"tv (?:movie|film)|television (?:movie|film)|made for tv": (TV_MOVIE,),
}

# A mood: keywords that may stand for it, the first that is known; failing these, genres.
MOODS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    r"feel ?good|uplifting|heart ?warming|cheer(?:s)? me up|light ?hearted": (
        ("feel-good", "feelgood", "heartwarming", "uplifting"),
        (COMEDY,),
    ),
    r"heist|bank robber(?:y|ie)|caper|robber(?:y|ie)": (("heist", "bank robbery"), (CRIME,)),
    r"time ?(?:travel(?:l?ing|l?er)?|loop)": (("time travel", "time loop"), (SCIENCE_FICTION,)),
    r"based on (?:a |an )?(?:true|real)(?: life)? (?:stor(?:y|ie)|event)|true stor(?:y|ie)": (
        ("based on true story", "based on a true story"),
        (HISTORY,),
    ),
    r"based on (?:a |the )?(?:novel|book)|adapted from (?:a )?(?:novel|book)": (
        ("based on novel or book", "based on novel"),
        (),
    ),
    r"coming of age|growing up": (("coming of age",), (DRAMA,)),
    r"mind ?bending|mind ?blowing|twisty|plot twist|twist ending": (
        ("mindfuck", "plot twist", "mind-bending", "twist"),
        (THRILLER, MYSTERY),
    ),
    r"super ?hero(?:e)?|comic book": (("superhero", "based on comic"), (ACTION,)),
    r"sp(?:y|ie)|secret agent|espionage": (("spy", "secret agent", "espionage"), (THRILLER,)),
    r"space|outer space|spaceship|astronaut": (
        ("space", "outer space", "space travel", "astronaut"),
        (SCIENCE_FICTION,),
    ),
    r"dystopia(?:n)?": (("dystopia",), (SCIENCE_FICTION,)),
    r"post apocalyptic|apocal(?:yptic|ypse)|end of the world": (
        ("post-apocalyptic future", "apocalypse", "end of the world", "dystopia"),
        (SCIENCE_FICTION,),
    ),
    r"world war (?:2|ii|two)|second world war|ww ?2|wwii": (("world war ii",), (WAR,)),
    r"world war (?:1|i|one)|first world war|ww ?1|wwi": (("world war i",), (WAR,)),
    r"(?:dark|black) (?:comed(?:y|ie)|humou?r)": (("dark comedy", "black comedy"), (COMEDY,)),
    r"(?:films? )?noir|neo noir": (("film noir", "neo-noir"), (CRIME,)),
    r"silent (?:film|movie|picture|era|comed(?:y|ie))": (("silent film",), ()),
    r"new york(?: city)?|nyc": (("new york city",), ()),
    r"robot|android|artificial intelligence|ai": (
        ("artificial intelligence (a.i.)", "artificial intelligence", "robot"),
        (SCIENCE_FICTION,),
    ),
    r"murder": (("murder",), (CRIME,)),
    r"serial killer": (("serial killer",), (THRILLER,)),
    r"mafia|mob(?:ster)?": (("mafia", "gangster"), (CRIME,)),
    r"prison|jail": (("prison",), (CRIME,)),
    r"court ?room|lawyer|legal": (("courtroom", "lawyer"), (DRAMA,)),
    r"christmas(?:sy)?|xmas": (("christmas",), ()),
    r"high ?school|teen(?:age)?(?:r)?": (("high school", "teenager"), ()),
    r"road ?(?:trip|movie)": (("road trip", "road movie"), ()),
    r"sport(?:y|ing)?": (("sports", "sport"), ()),
    r"vampire": (("vampire",), (HORROR,)),
    r"zombie": (("zombie",), (HORROR,)),
    r"ghost|haunted(?: house)?": (("ghost", "haunted house"), (HORROR,)),
    r"dinosaur": (("dinosaur",), ()),
    r"samurai": (("samurai",), ()),
    r"martial art|kung ?fu|karate": (("martial arts", "kung fu"), (ACTION,)),
    r"pirate": (("pirate",), (ADVENTURE,)),
    r"alien|extra ?terrestrial": (("alien",), (SCIENCE_FICTION,)),
    r"biopic|biograph(?:y|ical|ie)": (("biography",), (HISTORY,)),
}

# The same in plain words, for whoever has to know which kinds this site tells apart.
KINDS = (
    *("action", "adventure", "animation", "comedy", "crime", "documentary", "drama", "family"),
    *("fantasy", "history", "horror", "music", "mystery", "romance", "science fiction"),
    *("thriller", "war", "western", "television film", "feel-good", "heist", "time travel"),
    *("based on a true story", "based on a book", "coming of age", "mind-bending", "superhero"),
    *("spy", "space", "dystopia", "post-apocalyptic", "black comedy", "film noir", "silent"),
    *("serial killer", "mafia", "prison", "courtroom", "road movie", "sport", "vampire"),
    *("zombie", "ghost", "samurai", "martial arts", "pirate", "alien", "biography"),
)

# Adjectives of a country, and of languages that are no country's own.
_NATIONS = (
    "american:US british:GB english:GB scottish:GB welsh:GB irish:IE french:FR german:DE "
    "italian:IT spanish:ES portuguese:PT dutch:NL belgian:BE swiss:CH austrian:AT danish:DK "
    "swedish:SE norwegian:NO finnish:FI icelandic:IS polish:PL czech:CZ hungarian:HU "
    "romanian:RO bulgarian:BG greek:GR turkish:TR russian:RU ukrainian:UA serbian:RS "
    "croatian:HR georgian:GE israeli:IL iranian:IR persian:IR lebanese:LB egyptian:EG "
    "moroccan:MA nigerian:NG kenyan:KE indian:IN pakistani:PK japanese:JP chinese:CN "
    "korean:KR taiwanese:TW thai:TH vietnamese:VN indonesian:ID filipino:PH malaysian:MY "
    "australian:AU canadian:CA mexican:MX brazilian:BR argentine:AR argentinian:AR chilean:CL "
    "colombian:CO peruvian:PE cuban:CU estonian:EE latvian:LV lithuanian:LT slovak:SK "
    "nollywood:NG"
)
_PLACES = {
    "usa": "US",
    "us": "US",
    "america": "US",
    "united states": "US",
    "the states": "US",
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "korea": "KR",
    "holland": "NL",
    "turkey": "TR",
    "hong kong": "HK",
    "czech republic": "CZ",
    "russia": "RU",
    "china": "CN",
    "iran": "IR",
    "taiwan": "TW",
}
# Names of places that are more often something else in a wish.
_AMBIGUOUS = {"chad", "jordan", "georgia", "guernsey", "jersey", "mali", "niger", "world", "cuba"}
_TONGUES = {"mandarin": "zh", "cantonese": "cn", "bollywood": "hi", "farsi": "fa", "bengali": "bn"}
# Languages of which the bare word says the language, since no country is called so.
_BARE_TONGUES = "hindi tamil telugu malayalam urdu arabic hebrew yiddish catalan basque"

NATIONS = dict(pair.split(":") for pair in _NATIONS.split())


def _named(kind: str) -> dict[str, str]:
    names: dict[str, str] = getattr(babel.Locale("en"), kind)
    return {fold(name): code for code, name in names.items() if code.isalpha() and len(code) == 2}


PLACES = {n: c for n, c in _named("territories").items() if n not in _AMBIGUOUS} | _PLACES
TONGUES = _named("languages") | _TONGUES
BARE_TONGUES = {word: TONGUES[word] for word in _BARE_TONGUES.split()} | _TONGUES

NUMBERS = {
    word: number
    for words, first, step in (
        ("zero one two three four five six seven eight nine ten eleven twelve", 0, 1),
        ("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 13, 1),
        ("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    )
    for number, word in zip(range(first, 200, step), words.split(), strict=False)
} | {"a": 1, "an": 1, "hundred": 100}

_TENS = "twenties thirties forties fifties sixties seventies eighties nineties"
DECADES = {word: 1900 + 10 * place for place, word in enumerate(_TENS.split(), 2)}
DECADES |= {"noughties": 2000, "aughts": 2000, "two thousands": 2000, "tens": 2010}

# Words that ask and join, and say nothing about films.
_FILLERS = (
    "a an the film films movie movies picture pictures flick flicks cinema feature features "
    "title titles something anything some any one ones thing things stuff of for to in on at "
    "with from about i id im ive ill me my mine we us our you your want wants wanted would "
    "could can should will like see watch watching show find give get tell suggest recommend "
    "recommendation recommendations please thanks thank tonight today now evening night "
    "weekend that thats which who whose where when is are was were be been being it its this "
    "these those there here what whats and or but also too just only really very quite maybe "
    "perhaps kind sort type feeling feel mood looking search searching need have has had do "
    "does did let lets made make makes directed starring featuring played acted by as so "
    "between during than then if how whole entire all more most much many lot lots hey hi "
    "hello ok okay him her them they he she am got bit involving story stories plot theme "
    "themed preferably ideally long length runtime released release year years decade"
)
FILLERS = frozenset(_FILLERS.split())
NEGATIONS = (
    r"(?:neither|nor|not|no|non|without|except(?: for)?|excluding|minus|nothing|never"
    r"|dont|isnt|arent)"
)
NEGATING_WORDS = frozenset(re.findall(r"[a-z]+", NEGATIONS.replace("(?:", "(")))
# What may stand between a negation and what it negates.
SOFTLY = (
    r"(?:(?:a|an|any|the|for|too|so|very|much|really|overly|in|be|is|want|of|to|see|watch|anything"
    r"|something|films?|movies?|from|by|with) )*"
)


def alternatives(patterns: Iterable[str]) -> str:
    """One pattern for all of them, the longest first."""
    return "|".join(sorted(patterns, key=len, reverse=True))


def words_of(table: Iterable[str]) -> str:
    """One pattern for these words as they are."""
    return alternatives(map(re.escape, table))
