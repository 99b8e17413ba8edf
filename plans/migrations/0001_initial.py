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
        ("quality", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Action",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("transversal", "Transversal"),
                                    ("prioritized", "Prioritized improvement"),
                                    ("infrastructure", "Infrastructure"),
                                    ("training", "Training"),
                                    ("protocol", "Protocol"),
                                ],
                                default="prioritized",
                                max_length=16,
                                verbose_name="type",
                            ),
                        ),
                        ("title", models.CharField(max_length=150, verbose_name="improvement in a few words")),
                        ("problem", models.TextField(verbose_name="problem in one sentence")),
                        ("whys", models.JSONField(blank=True, default=list)),
                        ("root_cause", models.TextField(verbose_name="root cause")),
                        ("improvement", models.TextField(verbose_name="what will be done")),
                        ("public_summary", models.TextField(verbose_name="summary for citizens")),
                        (
                            "pertinence",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "1 · Low"), (2, "2 · Medium"), (3, "3 · High")], verbose_name="pertinence"
                            ),
                        ),
                        ("pertinence_reason", models.TextField(verbose_name="why")),
                        (
                            "incidence",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "1 · Low"), (2, "2 · Medium"), (3, "3 · High")], verbose_name="incidence"
                            ),
                        ),
                        ("incidence_reason", models.TextField(verbose_name="why")),
                        (
                            "feasibility",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "1 · Low"), (2, "2 · Medium"), (3, "3 · High")], verbose_name="feasibility"
                            ),
                        ),
                        ("feasibility_reason", models.TextField(verbose_name="why")),
                        ("priority", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField(verbose_name="starts on")),
                        ("ends_on", models.DateField(verbose_name="ends on")),
                        ("resources", models.TextField(blank=True, verbose_name="resources")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(default="CLP", max_length=3)),
                        ("funding_source", models.CharField(blank=True, max_length=150, verbose_name="funding source")),
                        ("indicator_key", models.CharField(blank=True, max_length=80)),
                        ("indicator", models.CharField(max_length=200, verbose_name="indicator")),
                        ("baseline", models.CharField(max_length=100, verbose_name="baseline")),
                        ("baseline_measurement", models.JSONField(null=True)),
                        ("goal", models.CharField(max_length=100, verbose_name="goal")),
                        ("data_source", models.CharField(max_length=150, verbose_name="data source")),
                        ("risk", models.TextField(blank=True, verbose_name="risk")),
                        ("depends_on_national", models.BooleanField(default=False)),
                        ("dependency", models.TextField(blank=True, verbose_name="depends on others")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("proposed", "Proposed"),
                                    ("validated", "Validated"),
                                    ("in_progress", "In progress"),
                                    ("done", "Done, waiting for verification"),
                                    ("verified", "Verified"),
                                    ("rejected", "Not verified"),
                                    ("carried_over", "Carried over"),
                                ],
                                default="draft",
                                max_length=14,
                            ),
                        ),
                        ("progress", models.PositiveSmallIntegerField(default=0)),
                        ("lesson", models.TextField(blank=True, verbose_name="lesson")),
                        ("missed_reason", models.TextField(blank=True, verbose_name="why milestones were not reached")),
                        (
                            "spent",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="amount spent"
                            ),
                        ),
                        (
                            "effect_check_on",
                            models.DateField(blank=True, null=True, verbose_name="check the effect on"),
                        ),
                        ("effect", models.TextField(blank=True, verbose_name="effect seen")),
                        ("effect_checked_at", models.DateTimeField(null=True)),
                        ("deferral_reason", models.TextField(blank=True, verbose_name="why it is carried over")),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("form_token", models.CharField(blank=True, max_length=32)),
                        ("created_at", models.DateTimeField()),
                        ("edited_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "carried_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carried_to",
                                to="plans.action",
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
                            "done_by",
                            models.ForeignKey(
                                null=True,
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
                            "effect_checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owned_actions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "stand_in",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["plan", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="ActionEvidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "moment",
                            models.CharField(
                                choices=[("before", "Before"), ("during", "During"), ("after", "After")],
                                max_length=8,
                                verbose_name="shows",
                            ),
                        ),
                        ("dated_on", models.DateField(verbose_name="date")),
                        ("description", models.CharField(max_length=200, verbose_name="description")),
                        ("added_at", models.DateTimeField()),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="plans.action"
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        "ordering": ["dated_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ImprovementPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("amendment_reason", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("proposed", "Proposed for validation"),
                                    ("in_force", "In force"),
                                    ("superseded", "Replaced by a new version"),
                                    ("closed", "Closed"),
                                    ("discarded", "Amendment given up"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("summary", models.TextField(blank=True, verbose_name="summary for citizens")),
                        ("comments_open_until", models.DateField(blank=True, null=True)),
                        ("comments_opened_at", models.DateTimeField(null=True)),
                        ("comments_closed_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("proposed_at", models.DateTimeField(null=True)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("signed_content", models.JSONField(null=True)),
                        ("in_force_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "amends",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="plans.improvementplan",
                            ),
                        ),
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
                            "comments_closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "comments_opened_by",
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
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="cycles.cycle"
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="territories.territory",
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
                    ],
                    options={
                        "ordering": ["-cycle__year", "municipality", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "cycle", "number"), name="one_plan_version"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("in_force", "closed"))),
                                fields=("municipality", "cycle"),
                                name="one_plan_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("draft", "proposed"))),
                                fields=("municipality", "cycle"),
                                name="one_plan_in_preparation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number", 1), models.Q(("amendment_reason", ""), _negated=True), _connector="OR"
                                ),
                                name="amendment_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExecutionReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("achievements", models.TextField(verbose_name="what was achieved")),
                        ("deviations", models.TextField(blank=True, verbose_name="deviations from the plan")),
                        ("lessons", models.TextField(blank=True, verbose_name="lessons")),
                        ("content", models.JSONField(default=dict)),
                        ("submitted_at", models.DateTimeField()),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "plan",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="execution_report",
                                to="plans.improvementplan",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="action",
                    name="plan",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="plans.improvementplan"
                    ),
                ),
                migrations.CreateModel(
                    name="Milestone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="milestone")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        ("reached_on", models.DateField(null=True)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="milestones",
                                to="plans.action",
                            ),
                        ),
                        (
                            "reached_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PlanAuthor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="authors",
                                to="plans.improvementplan",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("plan", "user"), name="one_row_per_author")],
                    },
                ),
                migrations.CreateModel(
                    name="PlanComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        (
                            "organization",
                            models.CharField(blank=True, max_length=150, verbose_name="neighborhood organization"),
                        ),
                        ("text", models.TextField(max_length=2000, verbose_name="comment")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting for review"),
                                    ("published", "Published"),
                                    ("hidden", "Hidden"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("hidden_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                        ("moderated_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "action",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="comments",
                                to="plans.action",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "moderated_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="plans.improvementplan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "hidden"), _negated=True),
                                    models.Q(("hidden_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="hidden_comment_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                                    ("answered_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="comment_answered_at_with_by",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("remarks", models.TextField()),
                        ("returned_at", models.DateTimeField()),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="plans.improvementplan",
                            ),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-returned_at"],
                    },
                ),
                migrations.CreateModel(
                    name="PlanSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("coordinator", "Communal coordinator"), ("dideco", "DIDECO")], max_length=12
                            ),
                        ),
                        ("signed_at", models.DateTimeField()),
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("own", "In his or her own right"),
                                    ("stand_in", "As a stand-in"),
                                    ("regional", "Regional team, because nobody of the municipality could sign"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("standing_reason", models.CharField(blank=True, max_length=200)),
                        ("content_hash", models.CharField(max_length=64)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="plans.improvementplan",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["signed_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("plan", "role"),
                                name="one_signature_per_role",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("plan", "signed_by"),
                                name="two_distinct_validators",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("standing", "own"),
                                    models.Q(("standing_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="other_standing_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublicationLink",
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
                                    ("panel", "Panel on the premises"),
                                    ("website", "Municipal website"),
                                    ("network", "Social network"),
                                    ("meeting", "Public meeting"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("url", models.URLField(blank=True, verbose_name="web address")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                        ("published_on", models.DateField(verbose_name="date")),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publication_links",
                                to="plans.improvementplan",
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
                    ],
                    options={
                        "ordering": ["-published_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("url", ""), _negated=True),
                                    models.Q(("place", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="publication_has_a_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionProgress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("progress", models.PositiveSmallIntegerField(verbose_name="progress")),
                        ("note", models.TextField(verbose_name="what was done")),
                        ("reported_at", models.DateTimeField()),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="plans.action"
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-reported_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("progress__lte", 100)), name="reported_progress_is_a_percentage"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=80)),
                        ("reference", models.CharField(max_length=120)),
                        ("label", models.CharField(max_length=300)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="plans.action"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("action", "kind", "reference"), name="one_row_per_source")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionStandard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level_before", models.PositiveSmallIntegerField(null=True)),
                        (
                            "before_series",
                            models.CharField(
                                blank=True,
                                choices=[("self", "Self-assessed"), ("verified", "Verified by the region")],
                                max_length=10,
                            ),
                        ),
                        ("target", models.PositiveSmallIntegerField()),
                        ("claimed_level", models.PositiveSmallIntegerField(null=True)),
                        ("level_after", models.PositiveSmallIntegerField(null=True)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="standards", to="plans.action"
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="quality.standard"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["standard__number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("action", "standard"), name="one_row_per_action_standard"),
                            models.CheckConstraint(
                                condition=models.Q(("target__range", (1, 3))), name="target_within_scale"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionVerification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("accepted", models.BooleanField()),
                        ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                        ("verified_at", models.DateTimeField()),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verifications",
                                to="plans.action",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-verified_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted", True), models.Q(("remarks", ""), _negated=True), _connector="OR"
                                ),
                                name="rejection_has_remarks",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(fields=("plan", "number"), name="one_action_per_number"),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="action_ends_after_start"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("feasibility__range", (1, 3)), ("incidence__range", (1, 3)), ("pertinence__range", (1, 3))
                        ),
                        name="judgements_from_one_to_three",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)), name="progress_is_a_percentage"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="amount_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("spent__isnull", True), ("spent__gte", 0), _connector="OR"),
                        name="spent_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(fields=("plan", "carried_from"), name="one_successor_per_plan"),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("form_token", ""), _negated=True),
                        fields=("plan", "form_token"),
                        name="one_line_per_form",
                    ),
                ),
            ]
        ),
    ]
