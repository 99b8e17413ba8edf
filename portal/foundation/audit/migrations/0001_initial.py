from django.db import migrations, models


def create_live_head(apps, schema_editor):
    """The row that sealers lock; there is one from the start, so that no two of them create it."""
    apps.get_model("audit", "AuditHead").objects.get_or_create(published_on=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_on", models.DateField(null=True, unique=True)),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("seal", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("verb", models.CharField(max_length=80)),
                ("object_type", models.CharField(max_length=80)),
                ("object_id", models.CharField(max_length=64)),
                ("territory_code", models.CharField(blank=True, max_length=12)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("parts", models.JSONField(default=dict)),
                ("detail", models.JSONField(default=dict)),
                ("mac", models.CharField(blank=True, max_length=64)),
                ("sequence", models.PositiveBigIntegerField(null=True, unique=True)),
                ("seal", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "id"], name="audit_object"),
                    models.Index(fields=["by_user_id", "at"], name="audit_user"),
                    models.Index(fields=["territory_code", "id"], name="audit_territory"),
                ],
            },
        ),
        migrations.RunPython(create_live_head, migrations.RunPython.noop),
    ]
