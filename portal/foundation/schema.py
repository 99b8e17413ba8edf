"""Making many tables in one step of a migration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation

Step = CreateModel | AddField | AddIndex | AddConstraint


class CreateTogether(Operation):
    """Tables that are new, and what is added to them before anybody writes a row.

    Step by step, Django builds its picture of every model that is related to a new one anew, and in the end all
    of them are related: half a minute of an installation. Here it builds the last picture alone, and makes
    each table from it as it will be.

    :param operations: the models, and fields, indexes and constraints added to these same models.
    """

    def __init__(self, operations: Sequence[Step]) -> None:
        self.operations = operations
        self.models = [step.name for step in operations if isinstance(step, CreateModel)]
        added = {step.model_name for step in operations if not isinstance(step, CreateModel)}
        if strangers := added - {name.lower() for name in self.models}:
            raise ValueError(f"not created here: {', '.join(sorted(strangers))}")

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: Any) -> None:
        rendered = state.__dict__.pop("apps", None)
        for step in self.operations:
            step.state_forwards(app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            state.reload_models([(app_label, name.lower()) for name in self.models], delay=False)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in reversed(self.models):
            model = from_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Create models {', '.join(self.models)}"
