import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("country", "Country"),
                            ("region", "Region"),
                            ("province", "Province"),
                            ("commune", "Commune"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("search_name", models.CharField(blank=True, db_index=True, editable=False, max_length=120)),
                ("slug", models.SlugField(max_length=140, unique=True)),
                ("path", models.CharField(db_index=True, max_length=60)),
                ("iso_3166_2", models.CharField(blank=True, max_length=8)),
                ("time_zone", models.CharField(default="America/Santiago", max_length=40)),
                ("has_municipality", models.BooleanField(default=False)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="territories.territory",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("has_municipality", False), ("level", "commune"), _connector="OR"),
                        name="only_communes_have_a_municipality",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "Office"),
                            ("outreach", "Outreach"),
                            ("virtual", "Virtual"),
                            ("telephone", "Telephone"),
                        ],
                        default="office",
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200)),
                ("telephone", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_points",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "ordering": ["territory", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "name"),
                        name="one_service_point_per_name",
                        violation_error_message="The municipality has a service point of that name already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalHoliday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField()),
                ("name", models.CharField(max_length=120)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_holidays",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "ordering": ["date"],
                "constraints": [models.UniqueConstraint(fields=("territory", "date"), name="one_holiday_per_day")],
            },
        ),
        migrations.CreateModel(
            name="TerritoryGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_groups",
                        to="territories.territory",
                    ),
                ),
                ("members", models.ManyToManyField(related_name="groups", to="territories.territory")),
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("opens_at", models.TimeField()),
                ("closes_at", models.TimeField()),
                (
                    "service_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="territories.servicepoint"
                    ),
                ),
            ],
            options={
                "ordering": ["service_point", "weekday", "opens_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_point", "weekday", "opens_at"),
                        name="one_opening_per_time",
                        violation_error_message="Two openings of that day begin at the same time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="opening_ends_after_start",
                        violation_error_message="The closing time must come after the opening time.",
                    ),
                ],
            },
        ),
    ]
