import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.foundation.documents.models
import portal.foundation.files.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=80)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "In preparation"), ("ready", "Ready"), ("failed", "Not produced")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("data", models.JSONField(null=True)),
                ("data_digest", models.CharField(max_length=64)),
                (
                    "content",
                    models.FileField(
                        blank=True,
                        storage=portal.foundation.files.models.private_storage,
                        upload_to=portal.foundation.documents.models.document_path,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
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
                    "territory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=("kind", "subject_type", "subject_id", "language", "data_digest"),
                        name="one_document_of_the_same_data",
                    )
                ],
            },
        ),
    ]
