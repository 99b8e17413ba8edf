import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import benefits_core.models.attentions
import benefits_core.models.queue_imports
import portal.foundation.files.models
from portal.foundation.schema import CreateTogether


class Migration(migrations.Migration):
    initial = True

    dependencies = [
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
                    name="AttentionExport",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("wanted", models.JSONField(default=dict)),
                        ("format", models.CharField(choices=[("csv", "csv"), ("xlsx", "xlsx")], max_length=4)),
                        (
                            "state",
                            models.CharField(
                                choices=[("queued", "In preparation"), ("ready", "Ready"), ("failed", "Not produced")],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(max_length=5)),
                        (
                            "content",
                            models.FileField(
                                blank=True,
                                storage=portal.foundation.files.models.private_storage,
                                upload_to=benefits_core.models.attentions.export_path,
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("job_id", models.UUIDField(null=True)),
                        ("asked_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at"],
                    },
                ),
                migrations.CreateModel(
                    name="AttentionImport",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "Being read"),
                                    ("refused", "Not readable"),
                                    ("read", "Columns to be chosen"),
                                    ("checked", "Ready to record"),
                                    ("running", "Being recorded"),
                                    ("done", "Recorded"),
                                    ("failed", "Interrupted"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                    ("discarded", "Discarded"),
                                ],
                                default="reading",
                                max_length=10,
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "content",
                            models.FileField(
                                blank=True,
                                storage=portal.foundation.files.models.private_storage,
                                upload_to=benefits_core.models.queue_imports.import_path,
                            ),
                        ),
                        ("encoding", models.CharField(blank=True, max_length=12)),
                        ("separator", models.CharField(blank=True, max_length=1)),
                        ("header", models.JSONField(default=list)),
                        ("sample", models.JSONField(default=list)),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("columns", models.JSONField(default=dict)),
                        ("date_order", models.CharField(default="dmy", max_length=3)),
                        ("values", models.JSONField(default=dict)),
                        ("matters", models.JSONField(default=dict)),
                        ("outcomes", models.JSONField(default=dict)),
                        ("recorded", models.PositiveIntegerField(default=0)),
                        ("repeated", models.PositiveIntegerField(default=0)),
                        ("rejected", models.PositiveIntegerField(default=0)),
                        ("job_id", models.UUIDField(null=True)),
                        ("uploaded_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="imports",
                                to="territories.servicepoint",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-uploaded_at"],
                        "indexes": [models.Index(fields=["territory", "-uploaded_at"], name="import_list")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="undone_import_has_an_author",
                                violation_error_message="Say who undid the import.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttentionMonth",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("channel", models.CharField(max_length=10)),
                        ("preferential", models.BooleanField()),
                        ("count", models.PositiveIntegerField(default=0)),
                        ("waits", models.JSONField(default=dict)),
                        ("matters", models.JSONField(default=dict)),
                        ("outcomes", models.JSONField(default=dict)),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.servicepoint",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["month", "service_point", "channel", "preferential"],
                        "indexes": [models.Index(fields=["territory", "month"], name="attention_month")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("service_point", "month", "channel", "preferential"), name="one_sum_of_a_month"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("columns", models.JSONField(default=dict)),
                        ("date_order", models.CharField(max_length=3)),
                        ("matters", models.JSONField(default=dict)),
                        ("outcomes", models.JSONField(default=dict)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service_point",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="import_mapping",
                                to="territories.servicepoint",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Matter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        ("name", models.JSONField()),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matters",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="HiddenMatter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hidden_in",
                                to="benefits_core.matter",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("territory", "matter"), name="hidden_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Attention",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("counter", "At the counter"),
                                    ("telephone", "By telephone"),
                                    ("outreach", "On the ground"),
                                    ("virtual", "On the internet"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("day", models.DateField()),
                        ("arrived_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("wait_seconds", models.PositiveIntegerField(null=True)),
                        ("service_seconds", models.PositiveIntegerField(null=True)),
                        ("preferential", models.BooleanField(default=False)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resolved", "Resolved at once"),
                                    ("in_process", "A procedure was begun"),
                                    ("informed", "Only information was given"),
                                    ("incomplete", "Papers are missing"),
                                    ("referred", "Sent on to another office"),
                                    ("left", "Left without being served"),
                                    ("not_recorded", "Not recorded"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("manual", "Written down by a clerk"),
                                    ("queue", "Queue of this platform"),
                                    ("appointment", "Appointment"),
                                    ("import", "File of a queue machine"),
                                ],
                                default="manual",
                                max_length=12,
                            ),
                        ),
                        ("external_id", models.CharField(max_length=60, null=True)),
                        ("form_token", models.UUIDField(null=True, unique=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("voided_at", models.DateTimeField(null=True)),
                        ("void_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attentions",
                                to="people.person",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attentions",
                                to="territories.servicepoint",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attentions",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "voided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attentions",
                                to="benefits_core.attentionimport",
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attentions",
                                to="benefits_core.matter",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-arrived_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("seat", models.PositiveSmallIntegerField()),
                        ("preferential", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("booked", "Booked"),
                                    ("arrived", "Waiting here"),
                                    ("served", "Attended"),
                                    ("no_show", "Did not come"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="booked",
                                max_length=10,
                            ),
                        ),
                        ("encrypted_name", models.TextField(blank=True)),
                        ("moves", models.PositiveSmallIntegerField(default=0)),
                        ("form_token", models.UUIDField(null=True, unique=True)),
                        ("booked_at", models.DateTimeField()),
                        ("arrived_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "booked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="people.person",
                            ),
                        ),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="territories.servicepoint",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "attention",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointment",
                                to="benefits_core.attention",
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="benefits_core.matter",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "seat"],
                        "indexes": [
                            models.Index(fields=["service_point", "day"], name="appointment_day"),
                            models.Index(fields=["day", "state"], name="appointment_due"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("booked", "arrived", "served", "no_show"))),
                                fields=("service_point", "starts_at", "seat"),
                                name="one_person_per_seat",
                                violation_error_message="Somebody else took that time just now.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="appointment_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "served"), _negated=True),
                                    ("attention__isnull", False),
                                    _connector="OR",
                                ),
                                name="served_appointment_has_its_attention",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Procedure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=60, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("tramite", "Procedure"), ("benefit", "Benefit")],
                                default="tramite",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.JSONField()),
                        ("search_name", models.CharField(db_index=True, max_length=320)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="procedures",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["search_name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="MunicipalTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("proposed", "Proposed"),
                                    ("published", "Published"),
                                    ("retired", "Replaced"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("note", models.JSONField(default=dict, verbose_name="note for citizens")),
                        ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                        ("starts_on", models.DateField(null=True, verbose_name="starts on")),
                        ("ends_on", models.DateField(null=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("edited_at", models.DateTimeField()),
                        ("proposed_at", models.DateTimeField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service_points",
                            models.ManyToManyField(blank=True, related_name="+", to="territories.servicepoint"),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="municipal_terms",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="municipal_terms",
                                to="benefits_core.procedure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "municipal terms",
                        "ordering": ["territory", "procedure", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("procedure", "territory", "number"), name="one_terms_per_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("draft", "proposed"))),
                                fields=("procedure", "territory"),
                                name="one_terms_in_preparation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True), ("state", "published")),
                                fields=("procedure", "territory"),
                                name="one_open_terms_per_municipality",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", True), ("state__in", ("draft", "proposed"))),
                                    models.Q(
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        ("starts_on__isnull", False),
                                        ("state__in", ("published", "retired")),
                                    ),
                                    _connector="OR",
                                ),
                                name="published_terms_have_date_and_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("published_by__isnull", True),
                                    models.Q(
                                        models.Q(("published_by", models.F("edited_by")), _negated=True),
                                        models.Q(("published_by", models.F("proposed_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="terms_published_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="terms_end_after_they_start",
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="matter",
                    name="procedure",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="benefits_core.procedure",
                    ),
                ),
                migrations.AddField(
                    model_name="attention",
                    name="procedure",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attentions",
                        to="benefits_core.procedure",
                    ),
                ),
                migrations.CreateModel(
                    name="ProcedureVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("name", models.JSONField(verbose_name="name")),
                        ("summary", models.JSONField(default=dict, verbose_name="what it is for")),
                        ("audience", models.JSONField(default=dict, verbose_name="who can ask for it")),
                        ("result", models.JSONField(default=dict, verbose_name="what the person gets")),
                        ("cost", models.JSONField(default=dict, verbose_name="cost")),
                        ("legal_source", models.JSONField(default=dict, verbose_name="legal source")),
                        ("legal_confirmed", models.BooleanField(default=False, verbose_name="legal source confirmed")),
                        ("is_official", models.BooleanField(default=False, verbose_name="official text")),
                        ("change_note", models.JSONField(default=dict, verbose_name="what changes")),
                        ("starts_on", models.DateField(null=True, verbose_name="starts on")),
                        ("ends_on", models.DateField(null=True, verbose_name="ends on")),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("edited_at", models.DateTimeField()),
                        ("ready_at", models.DateTimeField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("end_reason", models.TextField(blank=True, verbose_name="why it ends")),
                        (
                            "copied_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="copies",
                                to="benefits_core.procedureversion",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="benefits_core.procedure",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ready_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["procedure", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("procedure", "number"), name="one_procedure_version_per_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("procedure",),
                                name="one_draft_per_procedure",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True), ("state", "published")),
                                fields=("procedure",),
                                name="one_open_version_per_procedure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("published_at__isnull", True),
                                        ("published_by__isnull", True),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        ("starts_on__isnull", False),
                                        ("state__in", ("published", "retired")),
                                    ),
                                    _connector="OR",
                                ),
                                name="published_version_has_date_and_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("published_by__isnull", True),
                                    models.Q(("published_by", models.F("edited_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="version_published_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="version_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "retired"), _negated=True),
                                    ("ends_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="retired_version_has_an_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RejectedRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("cells", models.JSONField()),
                        ("problems", models.JSONField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rejected_rows",
                                to="benefits_core.attentionimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["batch", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("batch", "number"), name="one_rejection_per_row")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "actor",
                            models.CharField(
                                choices=[
                                    ("applicant", "The person who applies"),
                                    ("municipality", "The municipality"),
                                    ("registry", "The registry's system"),
                                    ("region", "The regional team"),
                                    ("ministry", "The ministry"),
                                    ("other", "Another institution"),
                                ],
                                max_length=14,
                                verbose_name="who does it",
                            ),
                        ),
                        ("actor_name", models.JSONField(blank=True, default=dict, verbose_name="which institution")),
                        ("name", models.JSONField(verbose_name="name")),
                        ("what", models.JSONField(default=dict, verbose_name="what is done")),
                        ("channels", models.JSONField(default=list, verbose_name="where")),
                        ("form", models.JSONField(default=dict, verbose_name="form")),
                        ("letter", models.JSONField(default=dict, verbose_name="letter")),
                        ("documents", models.JSONField(default=list, verbose_name="documents asked for")),
                        (
                            "term_amount",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="promised term"),
                        ),
                        (
                            "term_unit",
                            models.CharField(
                                blank=True,
                                choices=[("minutes", "Minutes"), ("working_days", "Working days")],
                                max_length=14,
                                verbose_name="unit",
                            ),
                        ),
                        ("term_note", models.JSONField(default=dict, verbose_name="counted from")),
                        ("legal_source", models.JSONField(default=dict, verbose_name="legal source")),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="benefits_core.procedureversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "key"), name="one_step_per_key"),
                            models.UniqueConstraint(fields=("version", "position"), name="one_step_per_position"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("term_amount__isnull", True), ("term_unit", "")),
                                    models.Q(("term_amount__gte", 1), models.Q(("term_unit", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="step_term_has_amount_and_unit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("next", "Next step"), ("alternative", "Only in some cases")],
                                default="next",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("condition", models.JSONField(default=dict, verbose_name="in which case")),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_out",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_in",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="benefits_core.procedureversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["source__position", "-kind", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "target"), name="one_link_between_two_steps"),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "next")), fields=("source",), name="one_next_step_per_step"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="no_link_from_a_step_to_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("made_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(null=True)),
                        ("undo_reason", models.TextField(blank=True, verbose_name="why it was undone")),
                        (
                            "from_step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mappings",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "to_step",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mapped_from",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "to_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mappings",
                                to="benefits_core.procedureversion",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("from_step", "to_version"),
                                name="one_active_mapping_per_step",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("to_step__isnull", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="no_longer_applies_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("undo_reason", ""), ("undone_at__isnull", True), ("undone_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("undone_at__isnull", False),
                                        ("undone_by__isnull", False),
                                        models.Q(("undo_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="undone_mapping_has_person_and_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("step_key", models.SlugField(max_length=60)),
                        ("amount", models.PositiveSmallIntegerField(verbose_name="promised term")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("minutes", "Minutes"), ("working_days", "Working days")],
                                max_length=14,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "terms",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="step_terms",
                                to="benefits_core.municipalterms",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("terms", "step_key"), name="one_municipal_term_per_step"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 1)), name="municipal_term_is_not_zero"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WaitPromise",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("counter", "At the counter"),
                                    ("telephone", "By telephone"),
                                    ("outreach", "On the ground"),
                                    ("virtual", "On the internet"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="wait_promises",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["territory", "channel", "-starts_on", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("territory", "channel", "starts_on"),
                                name="one_promise_per_month",
                                violation_error_message="There is a promise for that month already.",
                            ),
                            models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="promise_is_positive"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaException",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("closed", "Nobody is attended"), ("extra", "More slots")], max_length=6
                            ),
                        ),
                        ("day", models.DateField()),
                        ("starts_at", models.TimeField(null=True)),
                        ("ends_at", models.TimeField(null=True)),
                        ("slot_minutes", models.PositiveSmallIntegerField(null=True)),
                        ("capacity", models.PositiveSmallIntegerField(null=True)),
                        ("online", models.BooleanField(default=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda_exceptions",
                                to="territories.servicepoint",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["service_point", "day", "starts_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends_at__isnull", True), ("starts_at__isnull", True)),
                                    ("ends_at__gt", models.F("starts_at")),
                                    _connector="OR",
                                ),
                                name="agenda_exception_ends_after_start",
                                violation_error_message="The last time must come after the first one.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "extra"), _negated=True),
                                    models.Q(
                                        ("capacity__isnull", False),
                                        ("ends_at__isnull", False),
                                        ("slot_minutes__isnull", False),
                                        ("starts_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="extra_slots_are_whole",
                                violation_error_message="Say from when to when, how long a slot is and for how many.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        ("starts_at", models.TimeField()),
                        ("ends_at", models.TimeField()),
                        ("slot_minutes", models.PositiveSmallIntegerField()),
                        ("capacity", models.PositiveSmallIntegerField(default=1)),
                        ("online", models.BooleanField(default=True)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        (
                            "service_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda_rules",
                                to="territories.servicepoint",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["service_point", "weekday", "starts_at", "starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="agenda_ends_after_start",
                                violation_error_message="The last time must come after the first one.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="agenda_rule_ends_after_start",
                                violation_error_message="The last day cannot be before the first day.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("capacity__gte", 1),
                                    ("capacity__lte", 50),
                                    ("slot_minutes__gte", 5),
                                    ("slot_minutes__lte", 240),
                                ),
                                name="agenda_slots_make_sense",
                                violation_error_message="A slot has 5 to 240 minutes, for 1 to 50 persons.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttentionChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("changes", models.JSONField()),
                        ("reason", models.CharField(max_length=300)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "attention",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="benefits_core.attention",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["changed_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="attention_correction_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="matter",
                    constraint=models.UniqueConstraint(
                        fields=("territory", "key"),
                        name="one_matter_per_key",
                        violation_error_message="There is a matter of that name already.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(fields=["territory", "-arrived_at", "-id"], name="attention_list"),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(fields=["service_point", "-arrived_at", "-id"], name="attention_point"),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(fields=["recorded_by", "-arrived_at", "-id"], name="attention_clerk"),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(fields=["territory", "day"], name="attention_day"),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["person", "-arrived_at"],
                        name="attention_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="attention",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("voided_at__isnull", True)),
                        fields=["territory", "recorded_by"],
                        name="attention_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.UniqueConstraint(
                        fields=("service_point", "external_id"),
                        name="one_attention_per_external_id",
                        violation_error_message="That number of the queue machine is in the register already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__isnull", True), ("started_at__gte", models.F("arrived_at")), _connector="OR"
                        ),
                        name="attention_starts_after_arrival",
                        violation_error_message="The service cannot begin before the person came.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_at__gte", models.F("arrived_at")), ("started_at__isnull", True)),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="attention_ends_after_start",
                        violation_error_message="The service cannot end before it begins.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="finished_attention_has_an_outcome",
                        violation_error_message="Say how the attention ended.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("wait_seconds__isnull", True), ("wait_seconds__lte", 86400), _connector="OR"
                        ),
                        name="nobody_waits_longer_than_a_day",
                        violation_error_message="Nobody waits longer than a day.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_reason", ""), ("voided_at__isnull", True), ("voided_by__isnull", True)),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="void_has_author_and_reason",
                        violation_error_message="Say why the attention does not count.",
                    ),
                ),
            ]
        ),
    ]
