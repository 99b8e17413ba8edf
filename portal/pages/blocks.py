"""What an editor can put on a page: few blocks, each accessible by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

PARAGRAPH_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("step"), max_length=120)
    text = blocks.RichTextBlock(label=_("what to do"), features=PARAGRAPH_FEATURES, required=False)


class ButtonBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("label"), max_length=60)
    page = blocks.PageChooserBlock(label=_("page"), required=False)
    url = blocks.URLBlock(label=_("address"), required=False)

    class Meta:
        template = "pages/blocks/button.html"


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("office"), max_length=120)
    address = blocks.CharBlock(label=_("address"), max_length=200, required=False)
    hours = blocks.CharBlock(label=_("opening hours"), max_length=200, required=False)
    telephone = blocks.CharBlock(label=_("telephone"), max_length=40, required=False)
    email = blocks.EmailBlock(label=_("e-mail"), required=False)

    class Meta:
        template = "pages/blocks/contact.html"


class BodyBlock(blocks.StreamBlock):
    """The body of every content page. Headings begin at level 2: the page's title is level 1."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120, template="pages/blocks/heading.html")
    paragraph = blocks.RichTextBlock(
        label=_("text"), features=PARAGRAPH_FEATURES, template="pages/blocks/paragraph.html"
    )
    inset = blocks.RichTextBlock(label=_("highlight"), features=PARAGRAPH_FEATURES, template="pages/blocks/inset.html")
    steps = blocks.ListBlock(StepBlock(), label=_("steps"), template="pages/blocks/steps.html")
    button = ButtonBlock(label=_("button"))
    contact = ContactBlock(label=_("contact"))
    image = ImageBlock(label=_("image"), template="pages/blocks/image.html")
