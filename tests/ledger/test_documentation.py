"""The page about people and the ledger says what the code does."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from orders.domain.granted_rights import Right
from tests.personas import ROLES, roles_migration

PAGE = (Path(settings.BASE_DIR) / "docs" / "people-and-ledger.md").read_text()
WORDS = {
    "view": "view_orders",
    "reveal": "reveal_personal_data",
    "export": "export_orders",
    "read the ledger": "read_ledger",
}


SETTINGS = ("LEDGER_KEY", "LEDGER_KEY_FALLBACKS", "TRUSTED_PROXY_COUNT")
COMMANDS = ("verify_ledger", "prune_ledger", "import_accounts")


@pytest.mark.parametrize("name", [*ROLES, *Right, *SETTINGS, *COMMANDS])
def test_it_names_everything(name: str) -> None:
    assert name in PAGE


def test_itsroles_migration_are_those_of_the_migration() -> None:
    rows = re.findall(r"^\| ([a-z -]+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    said = {role: (rights, scope) for role, rights, scope in rows if role in ROLES}

    assert list(said) == list(roles_migration.ROLES)
    for role, (rights, scope) in roles_migration.ROLES.items():
        words, whose = said[role]
        named = (
            set(WORDS.values()) if words.startswith("all") else {WORDS[each] for each in words.split(", ")}
        )
        assert (named, whose) == (
            set(rights),
            "everybody's" if scope == "all" else "assigned accounts only",
        )
