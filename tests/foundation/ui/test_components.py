"""Components keep to their own arguments, whatever the page around them calls its things."""

from django.template.loader import render_to_string

from portal.foundation.ui.forms import UIForm


def test_a_form_is_sent_to_its_own_page_beside_an_object_called_action() -> None:
    html = render_to_string("components/form.html", {"form": UIForm(), "action": "E01 Sala de espera"})

    assert ' action="' not in html


def test_a_form_can_be_sent_elsewhere() -> None:
    html = render_to_string("components/form.html", {"form": UIForm(), "form_action": "/otra/"})

    assert ' action="/otra/"' in html
