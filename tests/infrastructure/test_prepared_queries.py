"""Prepared queries say what the ORM's own would, for every argument."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import QuerySet

from orders.exports.models import ColumnSet
from orders.infrastructure.prepared_queries import Prepared
from tests.personas import person

pytestmark = pytest.mark.django_db


def test_each_call_has_its_own_arguments() -> None:
    pat, sam = person("pat"), person("sam")
    for owner, source, name in ((pat, "adobe", "a"), (pat, "fabric", "b"), (sam, "adobe", "c")):
        ColumnSet.objects.create(owner=owner, source=source, rows="orders", name=name, columns=[])
    named = Prepared(
        lambda owner, source: ColumnSet.objects.filter(source=source, owner=owner).values_list("name")
    )

    assert named.column(pat.pk, "adobe") == ["a"]
    assert named.column(pat.pk, "fabric") == ["b"]
    assert named.rows(sam.pk, "adobe") == [("c",)]
    assert not named.exists(sam.pk, "fabric")


def test_arguments_are_values_and_never_part_of_the_query() -> None:
    Group.objects.create(name="' OR ''='")
    groups = Prepared(lambda name: Group.objects.filter(name=name).values_list("name"))

    assert groups.column("' OR ''='") == ["' OR ''='"]
    assert groups.column("%s") == []


def test_the_orm_writes_it_once() -> None:
    written_for: list[str] = []

    def build(name: str) -> QuerySet[Group, tuple[str]]:
        written_for.append(name)
        return Group.objects.filter(name=name).values_list("name")

    groups = Prepared(build)
    for name in ("a", "b", "c"):
        groups.rows(name)

    assert len(written_for) == 1
    assert "a" not in written_for


def test_it_is_written_once_for_each_kind_of_database(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def build() -> QuerySet[Group, tuple[str]]:
        written.append(connection.vendor)
        return Group.objects.values_list("name")[:1]

    groups, ours = Prepared(build), connection.vendor
    for vendor in (ours, "another", ours, "another"):
        with monkeypatch.context() as patch:
            patch.setattr(connection, "vendor", vendor)
            groups.rows()

    assert written == [ours, "another"]


def test_an_argument_that_the_query_does_not_use_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="every argument"):
        Prepared(lambda name: Group.objects.values_list("name")).rows("a")
