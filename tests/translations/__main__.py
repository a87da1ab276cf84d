"""`make messages LOCALE=de`: brings a language up to date and says what is left to translate."""

import sys

import django
from django.conf import settings

from tests.translations import catalogues


def main(language: str) -> None:
    settings.configure()  # Django's own: templates are only read
    django.setup()
    catalogue = catalogues.complete(language)
    catalogues.write(language, catalogue)
    left = [message for message in catalogue if message.id and not catalogues.is_translated(message)]
    for message in left:
        sys.stdout.write(f"{message.locations[0][0]}: {catalogues.described(message)}\n")
    sys.stdout.write(f"{len(catalogue) - len(left)} of {len(catalogue)} texts are translated.\n")


if __name__ == "__main__":
    main(sys.argv[1])
