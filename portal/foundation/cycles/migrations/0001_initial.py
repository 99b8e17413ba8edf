import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "In preparation"), ("open", "Open"), ("closed", "Closed")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("catalogue_version", models.CharField(max_length=20)),
                ("met_at", models.PositiveSmallIntegerField(default=2)),
                ("consolidated_at", models.PositiveSmallIntegerField(default=3)),
                ("evidence_freshness_months", models.PositiveSmallIntegerField(default=12)),
                ("windows", models.JSONField(default=dict)),
                ("weights", models.JSONField(blank=True, default=dict)),
                ("weights_name", models.CharField(blank=True, max_length=120)),
                ("reference_mix", models.JSONField(blank=True, default=dict)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="cycle_ends_after_start"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("1", "Stage 1: new"),
                            ("2", "Stage 2: continuity"),
                            ("3", "Stage 3: consolidation and sustainability"),
                            ("graduated", "Graduated"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("withdrawn", "Withdrawn")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("status_reason", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_id", models.BigIntegerField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participations", to="cycles.cycle"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "ordering": ["cycle", "municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "cycle"), name="one_participation_per_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "active"), models.Q(("status_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="pause_or_withdrawal_has_a_reason",
                    ),
                ],
            },
        ),
    ]
