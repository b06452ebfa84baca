"""The numbers of the formula, as the arithmetic uses them and the page explains them.

Pure. All times are hours. Whoever changes a number measures again: `benchmarks/trending.py`.
"""

from typing import Final

RANGES: Final = ("day", "week")
# After so many hours somebody's interest counts half.
HALF_LIFE: Final = {"day": 12.0, "week": 48.0}
# What "today" and "this week" mean when people are counted.
SPAN: Final = {"day": 24, "week": 168}
# A film's own past, which "rising" compares with: so many spans before the present one.
BASELINE_SPANS: Final = {"day": 14, "week": 4}

# Who comes back to a film counts again only after having left it alone for so long. As long as
# the longest span, so that nobody is two people of one week.
AWAY: Final = 168
# Raw facts and hourly counts older than this change nothing that is shown.
WINDOW: Final = 5 * 168

# An address may be one person or a household, and costs less to change than an account.
ANONYMOUS: Final = 0.3
# A new account's word grows with this power of its age until it is so old: a hundred of two days
# are less than one person.
GROWN: Final = 168
GROWTH_POWER: Final = 4

# So many ratings at the site's mean are added to a film's own.
PRIOR_RATINGS: Final = 50
# How far the rating goes: a square root, at most a fifth more for a film and six tenths less.
QUALITY_POWER: Final = 0.5
# Of five stars; where nobody has rated anything, all films are alike.
NEUTRAL_RATING: Final = 3.0

# A film is listed by our own count once so many people came to it who are surely not the same;
# one person's interest is nobody else's business.
LEAST_PEOPLE: Final = 2
# Rising: so many standard deviations above the film's own usual.
RISING: Final = 2.0
# So many arrivals count as chance even for a film that nobody comes to: it takes three to rise.
CHANCE_ARRIVALS: Final = 2.0
# A site that is so many times busier than before has no usual yet.
FASTEST_GROWTH: Final = 4.0
