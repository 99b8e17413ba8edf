import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.foundation.schema import CreateTogether


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cycles", "0001_initial"),
        ("files", "0001_initial"),
        ("people", "0001_initial"),
        ("territories", "0001_initial"),
        # Only for speed: the steps of others take a third of the time while Django knows few models.
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailadmin", "0006_formstate"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="CatalogueVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.CharField(max_length=20, unique=True)),
                        ("title", models.JSONField()),
                        ("status", models.JSONField()),
                        ("published_on", models.DateField()),
                        ("meta", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("loaded_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-published_on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField(null=True)),
                        ("not_applicable", models.BooleanField(default=False)),
                        ("not_applicable_reason", models.TextField(blank=True)),
                        (
                            "not_applicable_review",
                            models.CharField(
                                choices=[
                                    ("none", "Not asked"),
                                    ("pending", "Waiting for the region"),
                                    ("accepted", "Accepted by the region"),
                                    ("refused", "Refused by the region"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        ("review_remarks", models.TextField(blank=True)),
                        ("reviewed_at", models.DateTimeField(null=True)),
                        ("notes", models.TextField(blank=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("answered_at", models.DateTimeField()),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["standard__number"],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerEvidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("dated_on", models.DateField()),
                        ("description", models.CharField(max_length=200)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evidence",
                                to="quality.answer",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-dated_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Assessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("correction_reason", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "In progress"),
                                    ("submitted", "Submitted"),
                                    ("returned", "Returned with remarks"),
                                    ("superseded", "Replaced by a correction"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("in_person", "In person"),
                                    ("virtual", "Virtual"),
                                    ("both", "In person and virtual"),
                                ],
                                default="both",
                                max_length=12,
                            ),
                        ),
                        ("strengths", models.TextField(blank=True)),
                        ("opened_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(null=True)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("return_remarks", models.TextField(blank=True)),
                        ("verified_at", models.DateTimeField(null=True)),
                        (
                            "corrects",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="correction",
                                to="quality.assessment",
                            ),
                        ),
                        (
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="cycles.cycle",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "catalogue",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="quality.catalogueversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-cycle__year", "municipality", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "cycle", "number"), name="one_assessment_version"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "submitted")),
                                fields=("municipality", "cycle"),
                                name="one_assessment_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("municipality", "cycle"),
                                name="one_assessment_draft",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number", 1), models.Q(("correction_reason", ""), _negated=True), _connector="OR"
                                ),
                                name="correction_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="assessment_submitted_at_with_by",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="assessment_verified_at_with_by",
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="answer",
                    name="assessment",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="quality.assessment"
                    ),
                ),
                migrations.CreateModel(
                    name="AssessmentParticipant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("position", models.CharField(blank=True, max_length=120, verbose_name="position")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("team", "Team member"),
                                    ("authority", "Authority"),
                                    ("other_unit", "Another municipal unit"),
                                    ("user", "User of the service"),
                                    ("neighborhood", "Neighborhood organization"),
                                ],
                                default="team",
                                max_length=14,
                                verbose_name="takes part as",
                            ),
                        ),
                        (
                            "assessment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participants",
                                to="quality.assessment",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintCategory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("name", models.JSONField()),
                        ("route", models.CharField(max_length=40)),
                        ("counts_as_service_quality", models.BooleanField()),
                        ("source", models.CharField(blank=True, max_length=200)),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaint_categories",
                                to="quality.catalogueversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "complaint categories",
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "code"), name="one_category_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Component",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("order", models.PositiveSmallIntegerField()),
                        ("name", models.JSONField()),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("quoted", "Quoted from the source"),
                                    ("drafted", "Drafted, not official"),
                                    ("official", "Official"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=200)),
                        ("frameworks", models.JSONField(default=list)),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="components",
                                to="quality.catalogueversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "code"), name="one_component_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attribute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("order", models.PositiveSmallIntegerField()),
                        ("name", models.JSONField()),
                        ("definition", models.JSONField()),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("quoted", "Quoted from the source"),
                                    ("drafted", "Drafted, not official"),
                                    ("official", "Official"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=200)),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attributes",
                                to="quality.catalogueversion",
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attributes",
                                to="quality.component",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "code"), name="one_attribute_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Standard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("name", models.JSONField()),
                        ("statement", models.JSONField()),
                        ("rationale", models.JSONField()),
                        ("channel", models.CharField(max_length=12)),
                        (
                            "transparency",
                            models.CharField(
                                choices=[("none", "No"), ("direct", "Direct"), ("indirect", "Indirect")], max_length=10
                            ),
                        ),
                        ("critical", models.BooleanField()),
                        ("weight", models.DecimalField(decimal_places=2, max_digits=5)),
                        ("levels", models.JSONField()),
                        ("evidence", models.JSONField(default=list)),
                        ("indicator", models.JSONField(default=dict)),
                        ("indicator_keys", models.JSONField(default=list)),
                        ("survey_items", models.JSONField(default=list)),
                        ("complaint_categories", models.JSONField(default=list)),
                        ("frameworks", models.JSONField(default=list)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("quoted", "Quoted from the source"),
                                    ("drafted", "Drafted, not official"),
                                    ("official", "Official"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("source", models.JSONField(default=dict)),
                        ("attributes", models.ManyToManyField(related_name="standards", to="quality.attribute")),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standards",
                                to="quality.component",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standards",
                                to="quality.catalogueversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "code"), name="one_standard_per_code"),
                            models.UniqueConstraint(fields=("version", "number"), name="one_standard_per_number"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LevelRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "series",
                            models.CharField(
                                choices=[("self", "Self-assessed"), ("verified", "Verified by the region")],
                                max_length=10,
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField(null=True)),
                        ("gap_to_met", models.PositiveSmallIntegerField(null=True)),
                        ("gap_to_consolidated", models.PositiveSmallIntegerField(null=True)),
                        ("is_baseline", models.BooleanField(default=False)),
                        ("dated_on", models.DateField()),
                        ("source_type", models.CharField(max_length=80)),
                        ("source_id", models.CharField(max_length=64)),
                        ("remarks", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("superseded_at", models.DateTimeField(null=True)),
                        (
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cycles.cycle"
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="level_records",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="level_records",
                                to="quality.standard",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["cycle", "series", "superseded_at", "municipality"], name="level_heatmap"
                            ),
                            models.Index(fields=["municipality", "is_baseline"], name="level_baseline"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("municipality", "cycle", "standard", "series"),
                                name="one_level_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("level__isnull", True), ("level__lte", 3), _connector="OR"),
                                name="level_within_scale",
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="answer",
                    name="standard",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="quality.standard"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.UniqueConstraint(
                        fields=("assessment", "standard"), name="one_answer_per_standard"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level__isnull", True), ("not_applicable", True)),
                            models.Q(("level__gte", 0), ("level__lte", 3), ("not_applicable", False)),
                            _connector="OR",
                        ),
                        name="answer_is_a_level_or_not_applicable",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("not_applicable", False),
                            models.Q(("not_applicable_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_applicable_has_a_reason",
                    ),
                ),
            ]
        ),
    ]
