import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.foundation.people.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message")], default="email", max_length=10
                    ),
                ),
                ("address", portal.foundation.people.fields.EncryptedField()),
                ("address_index", models.CharField(blank=True, db_index=True, max_length=64)),
                ("template", models.CharField(max_length=80)),
                ("language", models.CharField(default="es", max_length=5)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField()),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("undeliverable", "Could not be delivered"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=15,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("reason", models.CharField(blank=True, max_length=100)),
                ("gateway_id", models.CharField(blank=True, max_length=100)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "created_at"], name="message_recipient"),
                    models.Index(fields=["state", "created_at"], name="message_state"),
                    models.Index(fields=["created_at"], name="message_created"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["delivered", "undeliverable"]), _negated=True),
                            ("reported_at__isnull", False),
                            _connector="OR",
                        ),
                        name="outcome_has_its_moment",
                        violation_error_message="A message that arrived, or cannot, says when that was known.",
                    )
                ],
            },
        ),
    ]
