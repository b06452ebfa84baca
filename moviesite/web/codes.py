"""Codes that a reader is offered to choose from; others still work in an address. Data only."""

_LANGUAGES = """
af ar bg bn bs ca cn cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk
km kn ko ku lo lt lv mk ml mn mr ms my nb ne nl no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th
tl tr uk ur vi wo yi zh zu
"""
_COUNTRIES = """
AE AF AL AM AO AR AT AU AZ BA BD BE BF BG BO BR BY CA CD CH CI CL CM CN CO CR CU CY CZ DE DK DO DZ
EC EE EG ES ET FI FR GB GE GH GR GT HK HR HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KR KW KZ LA
LB LK LT LU LV MA MD ME MG MK ML MM MN MO MT MX MY NA NE NG NL NO NP NZ PA PE PH PK PL PR PS PT PY
QA RO RS RU RW SA SE SG SI SK SN SV SY TH TN TR TW TZ UA UG US UY UZ VE VN XK YE ZA ZM ZW
"""

# ISO 639-1, and TMDb's own code for Cantonese.
LANGUAGES = tuple(_LANGUAGES.split())
# ISO 3166-1.
COUNTRIES = tuple(_COUNTRIES.split())
