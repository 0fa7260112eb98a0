"""Numbers, units, dates and bounds by their names. Tables only."""

SMALL_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
"""Those that are written in words more often than in digits."""
NUMBERS = {
    "zero": 0, **SMALL_NUMBERS, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "twice": 2,
}  # fmt: skip
"""Numbers by their names."""

SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip

PARTS = {"third": 33.0, "thirds": 33.0, "quarter": 25.0, "quarters": 25.0, "fifth": 20.0,
         "fifths": 20.0, "tenth": 10.0, "tenths": 10.0}  # fmt: skip
"""Parts of a whole by their names, in per cent."""

UNITS = {
    name: unit
    for unit, names in {
        "minute": "minute minutes min mins",
        "hour": "hour hours hourly",
        "day": "day days daily",
        "week": "week weeks weekly",
        "fortnight": "fortnight fortnights fortnightly",
        "month": "month months monthly",
        "term": "term terms termly",
        "half-term": "half-term half-terms",
        "quarter": "quarterly",
        "year": "year years yearly annual annually",
        "decade": "decade decades",
        "%": "% percent",
        "point": "percentage-point percentage-points point points",
        "deviation": "standard-deviation standard-deviations",
        "£": "£ pound pounds gbp",
        "$": "$ dollar dollars usd",
        "€": "€ euro euros eur",
        "km": "kilometre kilometres km",
        "m": "metre metres",
        "mg": "mg milligram milligrams",
        "g": "gram grams",
        "kg": "kg kilogram kilograms",
        "ml": "ml millilitre millilitres",
        "l": "litre litres",
    }.items()
    for name in names.split()
}
"""Units by all their names."""

PERIODS = frozenset(
    "minute hour day week fortnight month term half-term quarter year decade".split()
)
EQUAL: dict[tuple[str, float], tuple[str | None, float]] = {
    ("month", 12): ("year", 1), ("day", 7): ("week", 1), ("week", 2): ("fortnight", 1),
    ("day", 14): ("fortnight", 1), ("minute", 60): ("hour", 1), ("hour", 24): ("day", 1),
    ("year", 10): ("decade", 1), ("month", 24): ("year", 2), ("month", 36): ("year", 3),
    ("month", 6): ("year", 0.5), ("month", 18): ("year", 1.5), ("minute", 30): ("hour", 0.5),
    ("minute", 90): ("hour", 1.5), ("minute", 120): ("hour", 2),
}  # fmt: skip
"""Amounts that are the same by definition: unit and number to unit and number."""

MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

PLAINLY_AT_LEAST = (
    "at least", "no fewer than", "no less than", "not less than", "a minimum of", "minimum of",
)  # fmt: skip
PLAINLY_AT_MOST = (
    "at most", "up to", "no more than", "not more than", "no longer than", "a maximum of",
    "maximum of", "fewer than",
)  # fmt: skip
"""They bound an amount wherever they stand; the others may compare something else."""
AT_LEAST = (
    *PLAINLY_AT_LEAST,
    "more than", "or more", "upwards of", "exceeding", "or longer", "and above", "or above",
)  # fmt: skip
AT_MOST = (
    *PLAINLY_AT_MOST,
    "less than", "or fewer", "or less", "or below", "only",
)  # fmt: skip
OVER, UNDER = frozenset(("over", "above")), frozenset(("under", "below"))
"""They bound a number that follows at once."""
