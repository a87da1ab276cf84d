"""Days as Adobe's accounts count them: anniversaries and plain dates."""

from datetime import date, datetime


def years_later(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def next_leap_day(today: date) -> date:
    year = today.year
    while True:
        try:
            leap = date(year, 2, 29)
        except ValueError:
            year += 1
            continue
        if leap > today:
            return leap
        year += 1


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
