import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, unique=True)),
                ("secret_hash", models.CharField(max_length=200)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=64)),
                ("language", models.CharField(default="es", max_length=5)),
                (
                    "contact_channel",
                    models.CharField(blank=True, choices=[("email", "E-mail"), ("sms", "Text message")], max_length=10),
                ),
                ("contact", models.TextField(blank=True)),
                ("contact_delete_on", models.DateField(blank=True, null=True)),
                ("contact_deleted_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.territory"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contact_delete_on"], name="receipt_contact_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_type", "subject_id"),
                        name="one_receipt_per_subject",
                        violation_error_message="A code was given for this already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact", ""), ("contact_channel", "")),
                            models.Q(
                                models.Q(("contact", ""), _negated=True),
                                models.Q(("contact_channel", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="receipt_contact_has_a_channel",
                        violation_error_message="A contact needs its kind: e-mail or text message.",
                    ),
                ],
            },
        ),
    ]
