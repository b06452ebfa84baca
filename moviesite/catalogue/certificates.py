"""Age certificates by country, mildest first, as TMDb writes them. Knows no film."""

from typing import Final

# Only what films in cinemas are given: neither "not rated" nor "banned" is a filter.
CERTIFICATES: Final[dict[str, tuple[str, ...]]] = {
    "AR": ("ATP", "+13", "+16", "+18", "C"),
    "AU": ("E", "G", "PG", "M", "MA 15+", "R 18+", "X 18+"),
    "BG": ("A", "B", "C", "D", "X"),
    "BR": ("L", "10", "12", "14", "16", "18"),
    "CA": ("E", "G", "PG", "14A", "18A", "R", "A"),
    "CH": ("0", "6", "8", "10", "12", "14", "16", "18"),
    "DE": ("0", "6", "12", "16", "18"),
    "DK": ("A", "7", "11", "15", "F"),
    "ES": ("A", "Ai", "7", "7i", "12", "16", "18", "X"),
    "FI": ("S", "K-7", "K-12", "K-16", "K-18", "KK"),
    "FR": ("TP", "12", "16", "18"),
    "GB": ("U", "PG", "12A", "12", "15", "18", "R18"),
    "GR": ("K", "K12", "K15", "K18"),
    "HK": ("I", "IIA", "IIB", "III"),
    "HU": ("KN", "6", "12", "16", "18", "X"),
    "ID": ("SU", "13+", "17+", "21+"),
    "IE": ("G", "PG", "12A", "12", "15A", "15", "16", "18"),
    "IL": ("All", "12", "14", "16", "18"),
    "IN": ("U", "U/A 7+", "UA", "U/A 13+", "U/A 16+", "A", "S"),
    "IT": ("T", "6+", "14+", "18+"),
    "JP": ("G", "PG12", "R15+", "R18+"),
    "KR": ("All", "12", "15", "18", "Restricted Screening"),
    "LT": ("V", "N-7", "N-13", "N-16", "N-18"),
    "LU": ("EA", "6", "12", "16", "18"),
    "LV": ("U", "7+", "12+", "16+", "18+"),
    "MO": ("A", "B", "C", "D"),
    "MX": ("AA", "A", "B", "B-15", "C", "D"),
    "MY": ("U", "P13", "18SG", "18SX", "18PA", "18PL"),
    "NL": ("AL", "6", "9", "12", "14", "16", "18"),
    "NO": ("A", "6", "9", "12", "15", "18"),
    "NZ": ("G", "PG", "M", "R13", "RP13", "R15", "R16", "RP16", "R18", "RP18", "R"),
    "PH": ("G", "PG", "R-13", "R-16", "R-18", "X"),
    "PR": ("G", "PG", "PG-13", "R", "NC-17"),
    "PT": ("Públicos", "M/3", "M/6", "M/12", "M/14", "M/16", "M/18", "P"),
    "RU": ("0+", "6+", "12+", "16+", "18+"),
    "SE": ("Btl", "7", "11", "15"),
    "SG": ("G", "PG", "PG13", "NC16", "M18", "R21"),
    "SK": ("U", "7", "12", "15", "18"),
    "TH": ("P", "G", "13", "15", "18", "20"),
    "TR": ("6A", "6+", "10A", "10+", "13A", "13+", "16+", "18+"),
    "TW": ("0+", "6+", "12+", "15+", "18+"),
    "US": ("G", "PG", "PG-13", "R", "NC-17"),
    "VI": ("G", "PG", "PG-13", "R", "NC-17"),
    "ZA": ("A", "PG", "7-9PG", "10-12PG", "13", "16", "18", "X18", "XX"),
}


def certificates_of(country: str) -> tuple[str, ...]:
    """The certificates of a country, mildest first; none where they are not known."""
    return CERTIFICATES.get(country, ())
