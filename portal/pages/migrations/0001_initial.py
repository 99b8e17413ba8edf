import django.db.models.deletion
import wagtail.contrib.routable_page.models
import wagtail.fields
from django.db import migrations, models

from portal.foundation.schema import CreateTogether


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="ContentPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                        ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                        (
                            "body",
                            wagtail.fields.StreamField(
                                [
                                    ("heading", 0),
                                    ("paragraph", 1),
                                    ("inset", 2),
                                    ("steps", 6),
                                    ("button", 10),
                                    ("contact", 16),
                                    ("image", 17),
                                ],
                                blank=True,
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "label": "heading",
                                            "max_length": 120,
                                            "template": "pages/blocks/heading.html",
                                        },
                                    ),
                                    1: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "text",
                                            "template": "pages/blocks/paragraph.html",
                                        },
                                    ),
                                    2: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "highlight",
                                            "template": "pages/blocks/inset.html",
                                        },
                                    ),
                                    3: ("wagtail.blocks.CharBlock", (), {"label": "step", "max_length": 120}),
                                    4: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "what to do",
                                            "required": False,
                                        },
                                    ),
                                    5: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 4)]], {}),
                                    6: (
                                        "wagtail.blocks.ListBlock",
                                        (5,),
                                        {"label": "steps", "template": "pages/blocks/steps.html"},
                                    ),
                                    7: ("wagtail.blocks.CharBlock", (), {"label": "label", "max_length": 60}),
                                    8: ("wagtail.blocks.PageChooserBlock", (), {"label": "page", "required": False}),
                                    9: ("wagtail.blocks.URLBlock", (), {"label": "address", "required": False}),
                                    10: (
                                        "wagtail.blocks.StructBlock",
                                        [[("label", 7), ("page", 8), ("url", 9)]],
                                        {"label": "button"},
                                    ),
                                    11: ("wagtail.blocks.CharBlock", (), {"label": "office", "max_length": 120}),
                                    12: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "address", "max_length": 200, "required": False},
                                    ),
                                    13: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "opening hours", "max_length": 200, "required": False},
                                    ),
                                    14: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "telephone", "max_length": 40, "required": False},
                                    ),
                                    15: ("wagtail.blocks.EmailBlock", (), {"label": "e-mail", "required": False}),
                                    16: (
                                        "wagtail.blocks.StructBlock",
                                        [
                                            [
                                                ("name", 11),
                                                ("address", 12),
                                                ("hours", 13),
                                                ("telephone", 14),
                                                ("email", 15),
                                            ]
                                        ],
                                        {"label": "contact"},
                                    ),
                                    17: (
                                        "wagtail.images.blocks.ImageBlock",
                                        [],
                                        {"label": "image", "template": "pages/blocks/image.html"},
                                    ),
                                },
                                verbose_name="body",
                            ),
                        ),
                        (
                            "show_in_footer",
                            models.BooleanField(
                                default=False,
                                help_text="For what people must find from anywhere, such as accessibility and privacy.",
                                verbose_name="show at the foot of every page",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "text page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="HomePage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                        ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                        (
                            "body",
                            wagtail.fields.StreamField(
                                [
                                    ("heading", 0),
                                    ("paragraph", 1),
                                    ("inset", 2),
                                    ("steps", 6),
                                    ("button", 10),
                                    ("contact", 16),
                                    ("image", 17),
                                ],
                                blank=True,
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "label": "heading",
                                            "max_length": 120,
                                            "template": "pages/blocks/heading.html",
                                        },
                                    ),
                                    1: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "text",
                                            "template": "pages/blocks/paragraph.html",
                                        },
                                    ),
                                    2: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "highlight",
                                            "template": "pages/blocks/inset.html",
                                        },
                                    ),
                                    3: ("wagtail.blocks.CharBlock", (), {"label": "step", "max_length": 120}),
                                    4: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "what to do",
                                            "required": False,
                                        },
                                    ),
                                    5: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 4)]], {}),
                                    6: (
                                        "wagtail.blocks.ListBlock",
                                        (5,),
                                        {"label": "steps", "template": "pages/blocks/steps.html"},
                                    ),
                                    7: ("wagtail.blocks.CharBlock", (), {"label": "label", "max_length": 60}),
                                    8: ("wagtail.blocks.PageChooserBlock", (), {"label": "page", "required": False}),
                                    9: ("wagtail.blocks.URLBlock", (), {"label": "address", "required": False}),
                                    10: (
                                        "wagtail.blocks.StructBlock",
                                        [[("label", 7), ("page", 8), ("url", 9)]],
                                        {"label": "button"},
                                    ),
                                    11: ("wagtail.blocks.CharBlock", (), {"label": "office", "max_length": 120}),
                                    12: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "address", "max_length": 200, "required": False},
                                    ),
                                    13: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "opening hours", "max_length": 200, "required": False},
                                    ),
                                    14: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "telephone", "max_length": 40, "required": False},
                                    ),
                                    15: ("wagtail.blocks.EmailBlock", (), {"label": "e-mail", "required": False}),
                                    16: (
                                        "wagtail.blocks.StructBlock",
                                        [
                                            [
                                                ("name", 11),
                                                ("address", 12),
                                                ("hours", 13),
                                                ("telephone", 14),
                                                ("email", 15),
                                            ]
                                        ],
                                        {"label": "contact"},
                                    ),
                                    17: (
                                        "wagtail.images.blocks.ImageBlock",
                                        [],
                                        {"label": "image", "template": "pages/blocks/image.html"},
                                    ),
                                },
                                verbose_name="body",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "start page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="MunicipalitiesPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "municipality finder",
                    },
                    bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, "wagtailcore.page"),
                ),
                migrations.CreateModel(
                    name="NewsIndexPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "list of news",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="NewsPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                        ("date", models.DateField(verbose_name="date")),
                        ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                        (
                            "body",
                            wagtail.fields.StreamField(
                                [
                                    ("heading", 0),
                                    ("paragraph", 1),
                                    ("inset", 2),
                                    ("steps", 6),
                                    ("button", 10),
                                    ("contact", 16),
                                    ("image", 17),
                                ],
                                blank=True,
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "label": "heading",
                                            "max_length": 120,
                                            "template": "pages/blocks/heading.html",
                                        },
                                    ),
                                    1: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "text",
                                            "template": "pages/blocks/paragraph.html",
                                        },
                                    ),
                                    2: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "highlight",
                                            "template": "pages/blocks/inset.html",
                                        },
                                    ),
                                    3: ("wagtail.blocks.CharBlock", (), {"label": "step", "max_length": 120}),
                                    4: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "document-link", "ol", "ul"],
                                            "label": "what to do",
                                            "required": False,
                                        },
                                    ),
                                    5: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 4)]], {}),
                                    6: (
                                        "wagtail.blocks.ListBlock",
                                        (5,),
                                        {"label": "steps", "template": "pages/blocks/steps.html"},
                                    ),
                                    7: ("wagtail.blocks.CharBlock", (), {"label": "label", "max_length": 60}),
                                    8: ("wagtail.blocks.PageChooserBlock", (), {"label": "page", "required": False}),
                                    9: ("wagtail.blocks.URLBlock", (), {"label": "address", "required": False}),
                                    10: (
                                        "wagtail.blocks.StructBlock",
                                        [[("label", 7), ("page", 8), ("url", 9)]],
                                        {"label": "button"},
                                    ),
                                    11: ("wagtail.blocks.CharBlock", (), {"label": "office", "max_length": 120}),
                                    12: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "address", "max_length": 200, "required": False},
                                    ),
                                    13: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "opening hours", "max_length": 200, "required": False},
                                    ),
                                    14: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "telephone", "max_length": 40, "required": False},
                                    ),
                                    15: ("wagtail.blocks.EmailBlock", (), {"label": "e-mail", "required": False}),
                                    16: (
                                        "wagtail.blocks.StructBlock",
                                        [
                                            [
                                                ("name", 11),
                                                ("address", 12),
                                                ("hours", 13),
                                                ("telephone", 14),
                                                ("email", 15),
                                            ]
                                        ],
                                        {"label": "contact"},
                                    ),
                                    17: (
                                        "wagtail.images.blocks.ImageBlock",
                                        [],
                                        {"label": "image", "template": "pages/blocks/image.html"},
                                    ),
                                },
                                verbose_name="body",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "piece of news",
                    },
                    bases=("wagtailcore.page",),
                ),
            ]
        ),
    ]
