"""Many tables made in one step of a migration."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, CreateModel
from django.db.migrations.state import ProjectState

from portal.foundation.schema import CreateTogether

BASKET = CreateModel("Basket", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())])
APPLE = CreateModel(
    "Apple",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("basket", models.ForeignKey("orchard.Basket", models.CASCADE, related_name="+")),
    ],
)
# Each knows the other, so one of them is named before it is there.
BEST = AddField("basket", "best", models.ForeignKey("orchard.Apple", models.SET_NULL, null=True, related_name="+"))
SIZE = AddConstraint("basket", models.CheckConstraint(condition=models.Q(size__gt=0), name="a_size"))


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("orchard_")}


@pytest.mark.django_db(transaction=True)
def test_tables_come_whole_and_go_again() -> None:
    migration = Migration("0001_initial", "orchard")
    migration.operations = [CreateTogether([BASKET, APPLE, BEST, SIZE])]
    before = ProjectState()
    before.apps  # noqa: B018  (as in the middle of a migration: models are drawn already)

    with connection.schema_editor() as editor:
        after = migration.apply(before.clone(), editor)

    assert tables() == {"orchard_basket", "orchard_apple"}
    with connection.cursor() as cursor:
        assert "a_size" in connection.introspection.get_constraints(cursor, "orchard_basket")
    basket = after.apps.get_model("orchard", "Basket").objects.create(size=1)
    apple = after.apps.get_model("orchard", "Apple").objects.create(basket=basket)
    basket.best = apple
    basket.save()

    with connection.schema_editor() as editor:
        migration.unapply(before, editor)

    assert tables() == set()


def test_a_table_that_is_not_made_there_is_not_changed_there() -> None:
    with pytest.raises(ValueError, match="not created here: basket"):
        CreateTogether([APPLE, BEST])
