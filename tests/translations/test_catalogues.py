"""A language is whole: each text of ours is translated, says the same with the same values, and is compiled.

Where one of these fails: `make messages LOCALE=de`, translate what it lists in the `.po`, and run it again.
"""

import pytest
from babel.messages.catalog import Catalog
from django.utils import dates

from tests.translations import catalogues
from tests.translations.catalogues import described, forms, is_translated, placeholders

LANGUAGES = sorted(path.name for path in catalogues.LOCALE.iterdir())


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def catalogue(language: str) -> Catalog:
    return catalogues.read(language)


def test_every_text_is_translated(catalogue: Catalog) -> None:
    left = [described(message) for message in catalogue if message.id and not is_translated(message)]
    assert left == []


def test_a_translation_has_the_values_of_its_text_and_its_blanks_around(catalogue: Catalog) -> None:
    def differ(text: str, translation: str) -> bool:
        return placeholders(text) != placeholders(translation) or (
            text.endswith("\n") != translation.endswith("\n") or translation.strip(" ") != translation
        )

    pairs = [pair for message in catalogue if message.id for pair in forms(message)]
    assert [pair for pair in pairs if differ(*pair)] == []


def test_the_catalogue_has_the_texts_of_the_code_and_no_others(catalogue: Catalog) -> None:
    def keys(of: Catalog) -> set[tuple[str, str]]:
        return {(message.context or "", described(message)) for message in of if message.id}

    ours, theirs = keys(catalogues.texts()), keys(catalogue)
    assert (sorted(ours - theirs), sorted(theirs - ours)) == ([], [])


def test_the_compiled_catalogue_is_that_of_the_texts(language: str, catalogue: Catalog) -> None:
    assert catalogues.kept(language) == catalogues.compiled(catalogue), "run make messages"


def test_no_text_of_ours_takes_the_place_of_a_month_or_a_day(catalogue: Catalog) -> None:
    """Ours count more than Django's of the same words: “May” of a form would be the fifth month's name."""
    words = {*dates.MONTHS.values(), *dates.MONTHS_3.values(), *dates.WEEKDAYS.values()}

    assert [str(word) for word in words if catalogue.get(str(word))] == []
