"""English dates: day before month, 24 hours."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"

# What people may type. Nothing with slashes: 02/03/2024 is the 2nd of March to some and the 3rd of February to others,
# and the framework's own list took the month first.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"]
DATETIME_INPUT_FORMATS = [
    *(f"{day} %H:%M:%S" for day in DATE_INPUT_FORMATS),
    *(f"{day} %H:%M" for day in DATE_INPUT_FORMATS),
]
