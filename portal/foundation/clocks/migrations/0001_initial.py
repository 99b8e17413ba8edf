import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=80)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=64)),
                ("term_days", models.PositiveSmallIntegerField()),
                ("started_on", models.DateField()),
                ("due_on", models.DateField()),
                ("paused_on", models.DateField(null=True)),
                ("stopped_on", models.DateField(null=True)),
                ("steps", models.JSONField(default=list)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("next_step_on", models.DateField(null=True)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.territory"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_step_on"], name="clock_next_step")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_on__isnull", True)),
                        fields=("kind", "subject_type", "subject_id"),
                        name="one_clock_of_a_kind_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("started_on"))), name="clock_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stopped_on__isnull", True), ("paused_on__isnull", True), _connector="OR"),
                        name="stopped_clock_is_not_paused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("reason", models.CharField(max_length=200)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="clocks.clock"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("clock",),
                        name="one_open_pause_per_clock",
                    )
                ],
            },
        ),
    ]
