from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MinLengthValidator
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import (
    ChoiceWithHint,
    RowChoiceField,
    UIDateField,
    UIFilterForm,
    UIForm,
    UIModelForm,
)
from tests.factories.territories import MunicipalityFactory


class _PersonForm(UIForm):
    name = forms.CharField(label="Nombre", max_length=5, validators=[MinLengthValidator(2)])
    mail = forms.EmailField(label="Correo", required=False)
    age = forms.IntegerField(label="Edad", min_value=18, max_value=120)
    way = forms.ChoiceField(
        label="¿Por dónde?", widget=forms.RadioSelect, choices=[("web", ChoiceWithHint("Web <b>", "Sin fila"))]
    )
    story = forms.CharField(label="Relato", max_length=9, widget=forms.Textarea, help_text="Con calma.")
    paper = forms.FileField(label="Papel", required=False)


def _html(form: forms.BaseForm, template: str = "{{ form }}") -> str:
    return Template(template).render(Context({"form": form}))


@pytest.fixture(autouse=True)
def spanish() -> Any:
    with translation.override("es"):
        yield


def test_an_empty_post_is_bound_and_names_every_missing_answer() -> None:
    form = _PersonForm(QueryDict(""))

    assert form.errors == {
        "name": ["Escriba una respuesta."],
        "age": ["Escriba un número."],
        "way": ["Elija una opción."],
        "story": ["Escriba una respuesta."],
    }


def test_messages_are_plain() -> None:
    form = _PersonForm({"name": "Rosalía", "mail": "x", "age": "17", "way": "fax", "story": "0123456789"})

    assert form.errors == {
        "name": ["Escriba 5 caracteres o menos. Lleva 7."],
        "mail": ["Escriba un correo como nombre@ejemplo.cl."],
        "age": ["Escriba un número igual o mayor que 18."],
        "way": ["Elija una de las opciones que se muestran."],
        "story": ["Escriba 9 caracteres o menos. Lleva 10."],
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"", "El archivo está vacío. Elija otro."),
        ("a" * 30 + ".pdf", b"x", "El nombre del archivo es muy largo. Use hasta 20 caracteres."),
    ],
)
def test_a_file_that_does_not_serve_is_refused_plainly(name: str, content: bytes, message: str) -> None:
    class _FileForm(UIForm):
        paper = forms.FileField(max_length=20)

    form = _FileForm({}, {"paper": SimpleUploadedFile(name, content)})

    assert form.errors == {"paper": [message]}


def test_a_message_that_the_form_gives_stays() -> None:
    class _OwnForm(UIForm):
        name = forms.CharField(error_messages={"required": "Díganos su nombre."})

    assert _OwnForm({}).errors == {"name": ["Díganos su nombre."]}


def test_the_summary_names_the_field_and_leads_to_it() -> None:
    page = _html(_PersonForm({}))

    assert '<a href="#id_name">Nombre: escriba una respuesta.</a>' in page
    assert '<a href="#id_way_0">¿Por dónde? Elija una opción.</a>' in page
    assert 'id="id_way_0"' in page


def test_hint_limit_and_error_are_announced_with_the_control() -> None:
    page = _html(_PersonForm({}))

    assert 'aria-describedby="id_story_helptext id_story_limit id_story_error"' in page
    assert 'id="id_story_limit"' in page


def test_a_long_text_is_not_cut_by_the_browser() -> None:
    assert "maxlength" not in str(_PersonForm()["story"].control)


def test_nothing_is_required_by_the_browser_and_the_optional_is_said() -> None:
    page = _html(_PersonForm())

    assert " required" not in page
    assert page.count("(opcional)") == 2


def test_labels_of_choices_are_escaped_and_their_hints_announced() -> None:
    page = _html(_PersonForm())

    assert "Web &lt;b&gt;" in page
    assert 'aria-describedby="id_way_0_hint"' in page
    assert "Sin fila" in page


def test_what_a_person_typed_is_escaped() -> None:
    page = _html(_PersonForm({"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in page


def test_the_heading_field_is_the_page_heading() -> None:
    class _OneQuestion(UIForm):
        heading_field = "way"
        way = _PersonForm.base_fields["way"]

    assert '<h1 class="govuk-fieldset__heading">¿Por dónde?</h1>' in _html(_OneQuestion())


def test_errors_of_the_whole_form_stand_in_the_summary() -> None:
    form = _PersonForm({})
    form.add_error(None, "Las fechas se cruzan.")

    assert "<li>Las fechas se cruzan.</li>" in _html(form)


def test_a_filter_says_nothing_of_optional_and_keeps_its_ids_apart() -> None:
    class _Filter(UIFilterForm):
        q = forms.CharField(required=False)

    page = _html(_Filter())

    assert "(opcional)" not in page
    assert 'id="filter_q"' in page


def test_a_plain_django_form_is_drawn_by_the_same_templates() -> None:
    class _Foreign(forms.Form):
        login = forms.CharField(label="Correo")

    assert '<input type="text" name="login" class="govuk-input"' in _html(_Foreign())


def test_a_formset_has_one_summary_and_every_form() -> None:
    formset = forms.formset_factory(_PersonForm, extra=0, min_num=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    )
    page = _html(formset)

    assert page.count("govuk-error-summary__title") == 1
    assert 'href="#id_form-1-name"' in page
    assert 'id="id_form-1-name"' in page


@pytest.mark.django_db
def test_a_model_form_asks_dates_in_three_boxes() -> None:
    class _CycleForm(UIModelForm):
        class Meta:
            model = Cycle
            fields = ("year", "starts_on")

    form = _CycleForm({"year": "2026", "starts_on_0": "1", "starts_on_1": "3", "starts_on_2": "2026"})

    assert isinstance(form.fields["starts_on"], UIDateField)
    assert 'name="starts_on_1"' in _html(form)


def test_the_form_component_writes_tag_token_and_button() -> None:
    page = Template('{% include "components/form.html" with submit="Guardar" cancel_url="/volver/" %}').render(
        Context({"form": _PersonForm(), "csrf_token": "abc"})
    )

    assert '<form method="post" enctype="multipart/form-data" novalidate>' in page
    assert 'name="csrfmiddlewaretoken" value="abc"' in page
    assert "Guardar</button>" in page
    assert 'href="/volver/"' in page


def test_the_value_of_a_choice_is_not_written_as_a_quantity() -> None:
    class _BigForm(UIForm):
        year = forms.TypedChoiceField(coerce=int, choices=[(2026, "2026")], widget=forms.RadioSelect)

    assert 'value="2026"' in _html(_BigForm())


def test_a_widget_of_several_parts_that_is_no_date_draws_itself() -> None:
    class _Moment(forms.Form):
        moment = forms.SplitDateTimeField()

    page = _html(_Moment())

    assert 'name="moment_0"' in page
    assert 'name="moment_1"' in page


# --- Rows that a form reads once


class RowForm(UIForm):
    place = RowChoiceField(queryset=Territory.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Territory.objects.order_by("code")


@pytest.mark.django_db
def test_rows_are_read_once_for_options_check_and_whoever_asks(django_assert_num_queries):
    places = [MunicipalityFactory(), MunicipalityFactory()]

    with django_assert_num_queries(1):
        form = RowForm({"place": str(places[1].pk)})
        assert form.is_valid()
        assert str(form).count("<option") == len(form.fields["place"].rows) == len(form.fields["place"].choices)

    assert form.cleaned_data["place"] == places[1]


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["0", "x", "-1", "9" * 30, "1 OR 1"])
def test_what_is_no_row_is_refused(sent):
    MunicipalityFactory()

    assert list(RowForm({"place": sent}).errors) == ["place"]


@pytest.mark.django_db
def test_one_form_never_shows_the_rows_of_another():
    MunicipalityFactory()
    before = len(RowForm().fields["place"].rows)

    MunicipalityFactory()

    assert len(RowForm().fields["place"].rows) > before
