"""Public holidays of countries, from the `holidays` package. It takes a second to import: only
administrators who choose a country and a job ask here, and business hours keep the days."""

from datetime import date

from helpdesk.core.errors import Invalid

YEARS_BEFORE, YEARS_AHEAD = 1, 5


def public_holidays(country: str, region: str | None, today: date) -> list[tuple[str, str]]:
    """Day (ISO 8601) and name of each public holiday around `today`, in order.

    `country` is an ISO 3166-1 code of two letters, `region` an ISO 3166-2 code without it.
    Raises Invalid for a country or region of which no calendar is known.
    """
    from holidays import country_holidays
    from holidays.utils import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    if country not in known:
        raise Invalid(
            f"No calendar of public holidays is known for “{country}”. Write the code of a country"
            " in two letters, such as DE, or leave it empty and write the days below."
        )
    if region and region not in known[country]:
        regions = ", ".join(sorted(known[country])) or "none"
        raise Invalid(f"{country} has no region “{region}” here. Known: {regions}.")
    years = range(today.year - YEARS_BEFORE, today.year + YEARS_AHEAD + 1)
    days = country_holidays(
        country, subdiv=region or None, years=years, language=_language(country)
    )
    return [(day.isoformat(), name) for day, name in sorted(days.items())]


def _language(country: str) -> str | None:
    """English where the calendar speaks it, otherwise its own language."""
    from holidays.utils import list_localized_countries

    spoken = list_localized_countries(include_aliases=False).get(country, [])
    return next((one for one in spoken if one.startswith("en")), None)
