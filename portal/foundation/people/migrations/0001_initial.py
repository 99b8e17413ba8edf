import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.foundation.people.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("language", models.CharField(default="es", max_length=5, verbose_name="language")),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "email"], name="user_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("window_starts_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "window_starts_at"), name="one_counter_per_window")
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("language", models.CharField(max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "In preparation"), ("ready", "Ready"), ("failed", "Not produced")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("content", models.BinaryField(null=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("erasure", "Erase my data"),
                            ("rectification", "Correct my data"),
                            ("objection", "Stop using my data for something"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("own", "On this site"), ("counter", "At the counter")], default="own", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits for an answer"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "Done"), ("partly", "Done in part"), ("refused", "Not done")],
                        max_length=10,
                    ),
                ),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=64)),
                ("text", portal.foundation.people.fields.EncryptedField(blank=True)),
                ("due_on", models.DateField()),
                ("extended_at", models.DateTimeField(blank=True, null=True)),
                ("extension_reason", models.CharField(blank=True, max_length=300)),
                ("answer", portal.foundation.people.fields.EncryptedField(blank=True)),
                ("results", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("texts_erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
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
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id"], name="data_request_subject"),
                    models.Index(fields=["state", "due_on"], name="data_request_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("subject_type", "subject_id", "kind"),
                        name="one_open_request_of_a_kind",
                        violation_error_message="You asked for this already, and it waits for an answer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_request_says_when",
                        violation_error_message="A request that was closed says when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), models.Q(("outcome", ""), _negated=True)),
                            models.Q(models.Q(("state", "answered"), _negated=True), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="answered_request_has_an_outcome",
                        violation_error_message="An answered request has an outcome.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.territory"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "Municipality"),
                            ("ministry", "Ministry"),
                            ("neighborhood", "Neighborhood organization"),
                            ("provider", "Service provider"),
                            ("university", "University"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organizations",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "name"), name="one_organization_per_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given_names", models.CharField(max_length=120)),
                ("family_names", models.CharField(blank=True, max_length=120)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.territory"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("cl_run", "RUN (Chile)"),
                            ("es_dni", "DNI (Spain)"),
                            ("es_nie", "NIE (Spain)"),
                            ("it_cf", "Codice fiscale (Italy)"),
                            ("other", "Other document"),
                        ],
                        max_length=10,
                    ),
                ),
                ("encrypted_value", models.TextField()),
                ("blind_index", models.CharField(max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identifiers", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "blind_index"),
                        name="one_person_per_identifier",
                        violation_error_message="Another person already has this identifier.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("head", "Head of household"),
                            ("partner", "Partner"),
                            ("child", "Child"),
                            ("parent", "Father or mother"),
                            ("other_relative", "Other relative"),
                            ("not_related", "Not related"),
                        ],
                        max_length=15,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="people.household"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="membership_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("person",),
                        name="one_household_at_a_time",
                        violation_error_message="This person already belongs to a household.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("relation", "head")),
                        fields=("household",),
                        name="one_head_per_household",
                        violation_error_message="This household already has a head.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("erased", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rule", "-started_at"], name="retention_run_rule")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="people.organization"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("team_member", "Communal team member"),
                            ("coordinator", "Communal coordinator (Encargado Comunal)"),
                            ("dideco", "Director of Community Development (DIDECO)"),
                            ("regional_team", "Regional team"),
                            ("national_team", "National team"),
                            ("citizen", "Citizen"),
                            ("applicant", "Applicant"),
                            ("clerk", "Assisting clerk or intermediary"),
                            ("provider", "Service provider"),
                            ("facilitator", "Facilitator or expert"),
                            ("editor", "Content editor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organization",
                    ),
                ),
                (
                    "stand_in_for",
                    models.ForeignKey(
                        blank=True,
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["user", "starts_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="assignment_ends_after_start",
                        violation_error_message="The last day cannot be before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand_in_for__isnull", True), ("ends_on__isnull", False), _connector="OR"),
                        name="stand_in_is_dated",
                        violation_error_message="A stand-in needs a last day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stand_in_for__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="stand_in_has_a_reason",
                        violation_error_message="A stand-in needs a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stand_in_for__isnull", True),
                            models.Q(("stand_in_for", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="stand_in_is_another_person",
                        violation_error_message="Nobody can stand in for himself or herself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "role__in",
                                    ["coordinator", "dideco", "national_team", "regional_team", "team_member"],
                                ),
                                _negated=True,
                            ),
                            ("territory__isnull", False),
                            _connector="OR",
                        ),
                        name="staff_role_has_a_territory",
                        violation_error_message="This role needs a territory.",
                    ),
                ],
            },
        ),
    ]
