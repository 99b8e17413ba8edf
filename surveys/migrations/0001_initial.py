import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.foundation.schema import CreateTogether


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("benefits_core", "0001_initial"),
        ("files", "0001_initial"),
        ("people", "0001_initial"),
        ("quality", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="ApiKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="application")),
                        ("holder", models.CharField(max_length=120, verbose_name="organization")),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail of whoever answers for it")),
                        ("hourly_limit", models.PositiveIntegerField(default=60, verbose_name="complaints an hour")),
                        ("beginning", models.CharField(max_length=8)),
                        ("secret_hash", models.CharField(max_length=64, unique=True)),
                        ("last_used_on", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        ("revoke_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "revoked_by",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "-created_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("name",),
                                name="one_active_key_per_application",
                                violation_error_message="This application has a key already. Revoke it first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("revoke_reason", ""),
                                        ("revoked_at__isnull", True),
                                        ("revoked_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("revoked_at__isnull", False),
                                        ("revoked_by__isnull", False),
                                        models.Q(("revoke_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="revoked_key_has_person_and_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("hourly_limit__gte", 1), ("hourly_limit__lte", 10000)),
                                name="hourly_limit_1_to_10000",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, null=True, unique=True)),
                        ("dedupe_key", models.CharField(max_length=120, null=True, unique=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("complaint", "Complaint"),
                                    ("suggestion", "Suggestion"),
                                    ("compliment", "Compliment"),
                                    ("enquiry", "Enquiry"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("web", "Website"),
                                    ("counter", "Counter"),
                                    ("telephone", "Telephone"),
                                    ("letter", "Letter"),
                                    ("kiosk", "Self-service screen"),
                                    ("outreach", "Outreach in the community"),
                                    ("open311", "Another application"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="what happened")),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("language", models.CharField(default="es", max_length=5)),
                        ("happened_on", models.DateField(null=True, verbose_name="when it happened")),
                        (
                            "preferential",
                            models.BooleanField(default=False, verbose_name="right to preferential attention"),
                        ),
                        (
                            "about",
                            models.CharField(
                                choices=[
                                    ("nobody", "No, it is about the service"),
                                    ("staff", "Yes, somebody who attends to people"),
                                    ("lead", "Yes, whoever is in charge"),
                                ],
                                default="nobody",
                                max_length=7,
                            ),
                        ),
                        ("about_words", models.CharField(blank=True, max_length=200)),
                        ("about_settled_at", models.DateTimeField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("in_study", "Being looked into"),
                                    ("waiting", "Waits for the person"),
                                    ("answered", "Answered"),
                                    ("closed", "Closed"),
                                    ("routed", "Led to another service"),
                                    ("withdrawn", "Withdrawn by the person"),
                                ],
                                default="received",
                                max_length=10,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("received_on", models.DateField()),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("classified_at", models.DateTimeField(null=True)),
                        ("term_days", models.PositiveSmallIntegerField(null=True)),
                        ("due_on", models.DateField(null=True)),
                        ("paused_on", models.DateField(null=True)),
                        (
                            "escalation",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Nobody yet"),
                                    (1, "Person in charge"),
                                    (2, "Communal coordinator"),
                                    (3, "DIDECO"),
                                    (4, "Regional team"),
                                ],
                                default=0,
                            ),
                        ),
                        ("reaches_region", models.BooleanField(default=False)),
                        (
                            "alert",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("discrimination", "Possible discrimination"),
                                    ("privacy", "Possible breach of personal data"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("alerted_at", models.DateTimeField(null=True)),
                        (
                            "route",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("information", "Request for public information (Law 20.285)"),
                                    ("rectification", "Rectification or supplement of the registry"),
                                    ("ministry", "Ministry, for the national platform"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("answered_on", models.DateField(null=True)),
                        ("working_days", models.PositiveSmallIntegerField(null=True)),
                        ("in_term", models.BooleanField(null=True)),
                        ("asked_back", models.BooleanField(default=False)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("founded", "The person is right"),
                                    ("partly", "The person is partly right"),
                                    ("not_founded", "The person is not right"),
                                    ("not_competent", "It is not for the municipality to decide"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("reopen_until", models.DateField(null=True)),
                        ("reopened_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("satisfaction", models.PositiveSmallIntegerField(null=True)),
                        ("satisfaction_comment", models.CharField(blank=True, max_length=500)),
                        ("rated_at", models.DateTimeField(null=True)),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("procedure", "The procedure"),
                                    ("training", "Training"),
                                    ("staffing", "Too few people"),
                                    ("information", "Information to the public"),
                                    ("premises", "The premises"),
                                    ("system", "The computer system"),
                                    ("outside", "Outside the municipality"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("coded_at", models.DateTimeField(null=True)),
                        ("needs_second_coding", models.BooleanField(default=False)),
                        ("second_coded_at", models.DateTimeField(null=True)),
                        (
                            "about_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="quality.complaintcategory",
                            ),
                        ),
                        (
                            "category_said",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="quality.complaintcategory",
                            ),
                        ),
                        (
                            "owner",
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
                                related_name="complaints",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="territories.servicepoint",
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-received_at", "-id"],
                        "indexes": [
                            models.Index(fields=["territory", "state", "due_on"], name="complaint_inbox"),
                            models.Index(fields=["territory", "-received_at"], name="complaint_latest"),
                            models.Index(fields=["territory", "received_on"], name="complaint_by_day"),
                            models.Index(fields=["owner", "state"], name="complaint_of_owner"),
                            models.Index(fields=["step", "received_on"], name="complaint_of_step"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("owner__isnull", True),
                                    ("about_user__isnull", True),
                                    models.Q(("owner", models.F("about_user")), _negated=True),
                                    _connector="OR",
                                ),
                                name="complaint_owner_is_not_the_person_meant",
                                violation_error_message="A complaint is never assigned to the person it is about.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("satisfaction__isnull", True),
                                    models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 7)),
                                    _connector="OR",
                                ),
                                name="complaint_satisfaction_1_to_7",
                                violation_error_message="Rate from 1 to 7.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("rated_at__isnull", True), ("satisfaction__isnull", True)),
                                    models.Q(("rated_at__isnull", False), ("satisfaction__isnull", False)),
                                    _connector="OR",
                                ),
                                name="complaint_rating_is_dated",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", True),
                                        ("answered_on__isnull", True),
                                        ("working_days__isnull", True),
                                    ),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_on__isnull", False),
                                        ("working_days__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="complaint_answer_is_dated",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "routed"), models.Q(("route", ""), _negated=True)),
                                    models.Q(models.Q(("state", "routed"), _negated=True), ("route", "")),
                                    _connector="OR",
                                ),
                                name="complaint_led_elsewhere_says_where",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["answered", "closed"]), _negated=True),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="complaint_is_closed_with_an_answer",
                                violation_error_message="Answer before you close.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("alert", ""), ("alerted_at__isnull", True)),
                                    models.Q(models.Q(("alert", ""), _negated=True), ("alerted_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="complaint_alert_is_dated",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("assigned_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "assigned_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="surveys.complaint",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["assigned_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("complaint",),
                                name="one_person_in_charge_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintCoding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "round",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "First coding"),
                                    (2, "Second coding, without seeing the first"),
                                    (3, "Agreed coding"),
                                ]
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("procedure", "The procedure"),
                                    ("training", "Training"),
                                    ("staffing", "Too few people"),
                                    ("information", "Information to the public"),
                                    ("premises", "The premises"),
                                    ("system", "The computer system"),
                                    ("outside", "Outside the municipality"),
                                ],
                                max_length=11,
                                verbose_name="root cause",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("coded_at", models.DateTimeField()),
                        ("in_force", models.BooleanField(default=False)),
                        (
                            "coder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="codings",
                                to="surveys.complaint",
                            ),
                        ),
                        ("standards", models.ManyToManyField(blank=True, related_name="+", to="quality.standard")),
                    ],
                    options={
                        "ordering": ["round"],
                        "constraints": [
                            models.UniqueConstraint(fields=("complaint", "round"), name="one_coding_per_round"),
                            models.UniqueConstraint(
                                condition=models.Q(("in_force", True)),
                                fields=("complaint",),
                                name="one_coding_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("in_force", False), models.Q(("round", 2), _negated=True), _connector="OR"
                                ),
                                name="second_coding_is_a_check",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key_hash", models.CharField(max_length=64, unique=True)),
                        ("sealed", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField(db_index=True)),
                        (
                            "complaint",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="surveys.complaint",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ComplaintEntry",
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
                                choices=[
                                    ("reply", "Reply of the person"),
                                    ("question", "Question to the person"),
                                    ("message", "Message to the person"),
                                    ("answer", "Answer"),
                                    ("routed", "Where it was led"),
                                    ("reopened", "Why it was reopened"),
                                    ("withdrawn", "Why it was withdrawn"),
                                    ("note", "Internal note"),
                                    ("unsent", "Answer that was not sent"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="surveys.complaint",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "id"],
                        "indexes": [models.Index(fields=["complaint", "at"], name="complaint_entry_order")],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("founded", "The person is right"),
                                    ("partly", "The person is partly right"),
                                    ("not_founded", "The person is not right"),
                                    ("not_competent", "It is not for the municipality to decide"),
                                ],
                                max_length=13,
                                verbose_name="outcome",
                            ),
                        ),
                        ("found", models.TextField(verbose_name="what we found")),
                        ("action", models.TextField(verbose_name="what we do")),
                        ("next_step", models.TextField(blank=True, verbose_name="next step for the person")),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="surveys.complaint",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="surveys.complaintentry",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("complaint", "number"), name="one_answer_per_number"),
                            models.CheckConstraint(
                                condition=models.Q(("found", ""), _negated=True), name="answer_has_reasons"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="surveys.complaint",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="surveys.complaintentry",
                            ),
                        ),
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["added_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="applies from")),
                        ("answer_days", models.PositiveSmallIntegerField(default=30, verbose_name="term to answer")),
                        ("internal_days", models.PositiveSmallIntegerField(default=10, verbose_name="internal target")),
                        (
                            "acknowledge_days",
                            models.PositiveSmallIntegerField(default=1, verbose_name="term to acknowledge"),
                        ),
                        ("legal_limit", models.PositiveSmallIntegerField(default=30)),
                        ("ordinance", models.CharField(blank=True, max_length=200, verbose_name="ordinance")),
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
                                related_name="complaint_terms",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-starts_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("territory", "starts_on"),
                                name="one_set_of_terms_per_day",
                                violation_error_message="Other terms begin on that day already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answer_days__gte", 1), ("answer_days__lte", models.F("legal_limit"))
                                ),
                                name="term_within_the_law",
                                violation_error_message="The law allows 30 working days at most.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("internal_days__gte", 1), ("internal_days__lte", models.F("answer_days"))
                                ),
                                name="target_within_the_term",
                                violation_error_message="The internal target cannot be longer than the term.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("acknowledge_days__gte", 1), ("acknowledge_days__lte", models.F("answer_days"))
                                ),
                                name="acknowledgement_within_the_term",
                                violation_error_message="The acknowledgement cannot take longer than the answer.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="surveys.complaintdraft",
                            ),
                        ),
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="PublicText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("found", models.JSONField(default=dict)),
                        ("published_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "complaint",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="public_text",
                                to="surveys.complaint",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                                    models.Q(("text", ""), ("withdrawn_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="withdrawn_text_is_empty",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterlyReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("quarter", models.PositiveSmallIntegerField()),
                        ("held_on", models.DateField(verbose_name="held on")),
                        ("participants", models.TextField(verbose_name="who took part")),
                        ("notes", models.TextField(blank=True, verbose_name="what was talked about")),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "recorded_by",
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
                                related_name="complaint_reviews",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-year", "-quarter"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("territory", "year", "quarter"), name="one_review_per_quarter"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)),
                                name="a_year_has_four_quarters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewAgreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("procedure", "The procedure"),
                                    ("training", "Training"),
                                    ("staffing", "Too few people"),
                                    ("information", "Information to the public"),
                                    ("premises", "The premises"),
                                    ("system", "The computer system"),
                                    ("outside", "Outside the municipality"),
                                ],
                                max_length=11,
                                verbose_name="root cause",
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="agreement")),
                        ("due_on", models.DateField(null=True, verbose_name="by")),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="surveys.quarterlyreview",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="SentByApplication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=300)),
                        ("latitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("media_url", models.CharField(blank=True, max_length=500)),
                        (
                            "complaint",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sent_by_application",
                                to="surveys.complaint",
                            ),
                        ),
                        (
                            "key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="sent", to="surveys.apikey"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                                    models.Q(
                                        ("latitude__gte", -90),
                                        ("latitude__lte", 90),
                                        ("longitude__gte", -180),
                                        ("longitude__lte", 180),
                                    ),
                                    _connector="OR",
                                ),
                                name="sent_from_a_place_on_earth",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ThemeRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="from")),
                        ("ends_on", models.DateField(verbose_name="until")),
                        ("sources", models.JSONField(default=list)),
                        ("parameters", models.JSONField(default=dict)),
                        ("versions", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("collecting", "Collecting and masking"),
                                    ("reading", "Waits for a reader"),
                                    ("grouping", "Being grouped"),
                                    ("naming", "Themes to name"),
                                    ("failed", "Could not go on"),
                                    ("closed", "Closed"),
                                    ("discarded", "Discarded"),
                                ],
                                default="collecting",
                                max_length=10,
                            ),
                        ),
                        ("job_id", models.UUIDField(null=True)),
                        ("works", models.PositiveSmallIntegerField(default=0)),
                        ("failed_work", models.CharField(blank=True, max_length=10)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("grouped", "Groups were found"),
                                    ("too_few", "There are too few texts"),
                                    ("no_clear_groups", "There are no clear groups"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("trials", models.JSONField(default=dict)),
                        ("summary", models.JSONField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("collected_at", models.DateTimeField(null=True)),
                        ("grouped_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("discarded_at", models.DateTimeField(null=True)),
                        ("discard_reason", models.TextField(blank=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "discarded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="theme_runs",
                                to="territories.territory",
                            ),
                        ),
                        (
                            "previous",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="following",
                                to="surveys.themerun",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-ends_on", "-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "state", "-ends_on"], name="theme_run_latest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("closed", "discarded")), _negated=True),
                                fields=("municipality",),
                                name="one_open_theme_run",
                                violation_error_message="A search for themes is open already. Close or discard it first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="theme_run_ends_after_it_starts",
                                violation_error_message="The last day comes before the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        ("summary__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="closed_theme_run_has_its_summary",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "discarded"), _negated=True),
                                    models.Q(
                                        ("discarded_at__isnull", False),
                                        ("discarded_by__isnull", False),
                                        models.Q(("discard_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="discarded_theme_run_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Theme",
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
                                    ("proposed", "Proposed"),
                                    ("accepted", "Named"),
                                    ("merged", "Merged into another"),
                                    ("split", "Split in two"),
                                    ("rejected", "Rejected"),
                                ],
                                default="proposed",
                                max_length=8,
                            ),
                        ),
                        ("words", models.JSONField(default=list)),
                        ("typical", models.JSONField(default=list)),
                        ("stability", models.FloatField(null=True)),
                        ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "continues",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="continued_by",
                                to="surveys.theme",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merged",
                                to="surveys.theme",
                            ),
                        ),
                        (
                            "split_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="surveys.theme",
                            ),
                        ),
                        ("standards", models.ManyToManyField(related_name="themes", to="quality.standard")),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="themes",
                                to="surveys.themerun",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["run", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "number"), name="one_theme_per_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "accepted")),
                                fields=("run", "name"),
                                name="one_theme_per_name",
                                violation_error_message="Another theme has this name.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "accepted"), _negated=True),
                                    models.Q(("name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="accepted_theme_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "rejected"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="rejected_theme_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                                    models.Q(
                                        models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="merged_theme_says_into_which",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("state", "proposed"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "proposed"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="theme_decided_at_with_by",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ThemeText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=60)),
                        ("reference", models.CharField(max_length=64)),
                        ("said_on", models.DateField()),
                        ("text", models.TextField()),
                        ("found", models.JSONField(default=dict)),
                        ("standard_codes", models.JSONField(default=list)),
                        (
                            "decision",
                            models.CharField(
                                choices=[("pending", "To be read"), ("read", "Read"), ("left_out", "Left out")],
                                default="pending",
                                max_length=8,
                            ),
                        ),
                        ("read_at", models.DateTimeField(null=True)),
                        ("weight", models.FloatField(null=True)),
                        ("moved_at", models.DateTimeField(null=True)),
                        (
                            "moved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="surveys.themerun"
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="benefits_core.step",
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="texts",
                                to="surveys.theme",
                            ),
                        ),
                        (
                            "withheld_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["run", "decision", "id"], name="theme_text_to_read"),
                            models.Index(fields=["theme", "-weight", "id"], name="theme_text_of_theme"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "source", "reference"), name="one_text_per_reference"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decision", "pending"), ("read_at__isnull", True), ("read_by__isnull", True)
                                    ),
                                    models.Q(
                                        models.Q(("decision", "pending"), _negated=True),
                                        ("read_at__isnull", False),
                                        ("read_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="theme_text_read_at_with_by",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("theme__isnull", True), ("decision", "read"), _connector="OR"),
                                name="only_read_texts_have_a_theme",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=100, verbose_name="title")),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("complaint", "Complaint"),
                                    ("suggestion", "Suggestion"),
                                    ("compliment", "Compliment"),
                                    ("enquiry", "Enquiry"),
                                ],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("found", models.TextField(blank=True, verbose_name="what we found")),
                        ("action", models.TextField(blank=True, verbose_name="what we do")),
                        ("next_step", models.TextField(blank=True, verbose_name="next step for the person")),
                        ("is_active", models.BooleanField(default=True)),
                        ("edited_at", models.DateTimeField()),
                        (
                            "edited_by",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer_templates",
                                to="territories.territory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["title", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("territory", "title"),
                                name="one_template_per_title",
                                violation_error_message="Another template has this title.",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
