"""A search for themes from its start to its end, with what is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.people.roles import Role
from surveys import sources, topics
from surveys.domain import theme_naming, theme_reading, themes
from surveys.domain.theme_reading import Reading
from surveys.enums import RunState, TextDecision, ThemeState
from surveys.errors import InvalidContent, NotPossibleNow, WordsNotFound
from surveys.models import Theme, ThemeRun, ThemeText
from surveys.queries import themes as reads
from tests.factories import themes as factory
from tests.factories.quality import small_catalogue
from tests.factories.territories import MunicipalityFactory
from tests.factories.themes import FIRST, KEY, LAST, NOW, PERSONAL, leader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


# --- Start and collection


def test_texts_are_collected_masked_and_wait_for_a_reader() -> None:
    municipality, other = MunicipalityFactory(), MunicipalityFactory()
    factory.say(municipality, PERSONAL, standard_codes=("E01",))
    factory.say(municipality, "Fuera de los días", said_on=FIRST - timedelta(days=1))
    factory.say(municipality, "   ")
    factory.say(other, "De otra comuna")

    run = factory.work(factory.started(municipality))

    text = run.texts.get()
    assert run.state == RunState.READING
    assert (text.text, text.found) == ("Soy Rosa Secreta, RUN [RUN], y esperé horas", {"run": 1})
    assert (text.source, text.reference, text.standard_codes) == (KEY, "1", ["E01"])
    assert (text.decision, text.theme) == (TextDecision.PENDING, None)


def test_no_original_stays_in_the_rows_of_a_run() -> None:
    run = factory.to_read()

    rows = str(list(ThemeText.objects.values())) + str(list(ThemeRun.objects.values()))
    rows += str(list(Job.objects.values())) + str(list(AuditEvent.objects.values()))
    assert "12.345.678" not in rows
    assert run.texts.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": LAST, "ends_on": FIRST}, "ends_on"),
        ({"ends_on": NOW.date() + timedelta(days=1)}, "ends_on"),
        ({"starts_on": date(2025, 1, 1)}, "ends_on"),
        ({"source_keys": []}, "sources"),
        ({"source_keys": ["no.such"]}, "sources"),
    ],
)
def test_days_and_sources_that_do_not_do_are_refused(changes: dict[str, Any], field: str) -> None:
    municipality = MunicipalityFactory()
    values = {"starts_on": FIRST, "ends_on": LAST, "source_keys": [KEY], **changes}

    with pytest.raises(InvalidContent) as refused:
        themes.start_run(municipality=municipality, by=leader(municipality), at=NOW, **values)

    assert refused.value.field == field
    assert not ThemeRun.objects.exists()


def test_only_one_search_is_open_at_a_time() -> None:
    run = factory.started()

    with pytest.raises(NotPossibleNow):
        factory.started(run.municipality)

    themes.discard_run(run=run, reason="Días equivocados", by=leader(run.municipality), at=NOW)
    assert factory.started(run.municipality).state == RunState.COLLECTING


def test_a_source_that_fails_is_tried_again_and_then_given_up() -> None:
    run = factory.started()
    sources.unregister(KEY)

    for attempt in range(3):
        jobs.run(job_id=run.job_id, now=lambda attempt=attempt: NOW + timedelta(hours=attempt))
    run.refresh_from_db()

    assert (run.state, run.failed_work, run.texts.count()) == (RunState.FAILED, "collect", 0)

    sources.register(factory.NOTES)
    themes.try_again(run=run, by=leader(run.municipality), at=NOW)
    assert factory.work(run).state == RunState.READING


def test_a_job_that_comes_late_changes_nothing() -> None:
    run = factory.to_read()
    job = Job.objects.get(pk=run.job_id)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)

    factory.work(run)

    assert run.texts.count() == 1


# --- Reading


def test_the_reader_hides_words_and_leaves_texts_out() -> None:
    run = factory.to_read(texts=2)
    personal = run.texts.get(text__contains="Rosa")
    first, second = run.texts.exclude(pk=personal.pk).order_by("pk")
    reader = leader(run.municipality)

    written = theme_reading.read_texts(
        run=run,
        readings=[Reading(personal.pk, ("rosa secreta", "")), Reading(second.pk, (), True)],
        by=reader,
        at=NOW,
    )

    personal.refresh_from_db()
    second.refresh_from_db()
    first.refresh_from_db()
    assert {text.pk for text in written} == {personal.pk, second.pk}
    assert personal.text == "Soy [OCULTO], RUN [RUN], y esperé horas"
    assert personal.found == {"run": 1, "word": 1}
    assert [first.decision, second.decision, personal.decision] == ["pending", "left_out", "read"]
    assert personal.read_by == reader
    event = AuditEvent.objects.get(verb="surveys.read_theme_texts")
    assert event.detail == {"texts": sorted([second.pk, personal.pk]), "left_out": 1}


def test_what_somebody_else_read_meanwhile_stays() -> None:
    run = factory.to_read()
    text = run.texts.get()
    first, second = leader(run.municipality), leader(run.municipality, Role.DIDECO)
    theme_reading.read_texts(run=run, readings=[Reading(text.pk, (), True)], by=first, at=NOW)

    written = theme_reading.read_texts(run=run, readings=[Reading(text.pk)], by=second, at=NOW)

    text.refresh_from_db()
    assert written == []
    assert (text.decision, text.read_by) == (TextDecision.LEFT_OUT, first)


def test_nobody_reads_what_is_about_himself() -> None:
    municipality = MunicipalityFactory()
    meant = leader(municipality)
    factory.say(municipality, "La encargada me gritó", withheld_from=meant.pk)
    run = factory.work(factory.started(municipality))
    text = run.texts.get()

    written = theme_reading.read_texts(run=run, readings=[Reading(text.pk)], by=meant, at=NOW)

    assert written == []
    assert list(reads.texts_to_read(run, meant, TextDecision.PENDING)) == []
    assert reads.reading_counts(run, meant)["withheld"] == 1
    assert theme_reading.read_texts(run=run, readings=[Reading(text.pk)], by=leader(municipality, Role.DIDECO), at=NOW)


def test_a_text_can_be_read_again() -> None:
    run = factory.by_hand()
    theme = factory.named(run)
    text = theme.texts.get()

    theme_reading.read_again(text=text, reading=Reading(text.pk, (), True), by=leader(run.municipality), at=NOW)
    text.refresh_from_db()
    assert (text.decision, text.theme) == (TextDecision.LEFT_OUT, None)

    theme_reading.read_again(text=text, reading=Reading(text.pk, ("horas",)), by=leader(run.municipality), at=NOW)
    text.refresh_from_db()
    assert (text.decision, text.theme) == (TextDecision.READ, None)
    assert text.text.endswith("[OCULTO]")


def test_words_that_are_not_in_the_text_are_told_and_nothing_is_written() -> None:
    run = factory.to_read(texts=1)
    personal = run.texts.get(text__contains="Rosa")
    other = run.texts.exclude(pk=personal.pk).get()

    with pytest.raises(WordsNotFound) as refused:
        theme_reading.read_texts(
            run=run,
            readings=[Reading(other.pk), Reading(personal.pk, ("Rosa Secreta", "zzz-no-está"))],
            by=leader(run.municipality),
            at=NOW,
        )

    assert (refused.value.text, "zzz-no-está" in str(refused.value)) == (personal.pk, True)
    assert "Rosa" not in str(refused.value)
    assert set(run.texts.values_list("decision", flat=True)) == {TextDecision.PENDING}


def test_too_many_words_to_hide_are_refused() -> None:
    run = factory.to_read()

    with pytest.raises(InvalidContent):
        theme_reading.read_texts(
            run=run,
            readings=[Reading(run.texts.get().pk, tuple(f"palabra{n}" for n in range(21)))],
            by=leader(run.municipality),
            at=NOW,
        )

    assert run.texts.get().decision == TextDecision.PENDING


# --- Groups


def test_only_what_was_read_is_grouped() -> None:
    run = factory.to_read(texts=100)
    ids = list(run.texts.order_by("pk").values_list("pk", flat=True))
    by = leader(run.municipality)
    readings = [Reading(pk, (), number % 10 == 0) for number, pk in enumerate(ids[:90])]
    theme_reading.read_texts(run=run, readings=readings, by=by, at=NOW)

    themes.ask_for_groups(run=run, by=by, at=NOW)
    factory.work(run)

    assert (run.state, run.outcome) == (RunState.NAMING, topics.Outcome.GROUPED)
    assert run.themes.count() >= 3
    placed = run.texts.filter(theme__isnull=False)
    assert set(placed.values_list("decision", flat=True)) == {"read"}
    assert run.texts.filter(decision="pending").count() == 11
    theme = run.themes.first()
    assert theme.state == ThemeState.PROPOSED
    assert set(theme.typical) <= set(theme.texts.values_list("pk", flat=True))
    assert all(0.5 <= weight <= 1 for weight in placed.values_list("weight", flat=True))
    assert {"masking", "topics", "scikit-learn"} <= set(run.versions)


def test_the_same_texts_give_the_same_themes() -> None:
    first, second = factory.grouped(), factory.grouped()

    def proposed(run: ThemeRun) -> list[Any]:
        return [(theme.words, theme.texts.count()) for theme in run.themes.order_by("number")]

    assert proposed(first) == proposed(second)


def test_with_too_few_texts_a_person_makes_the_themes() -> None:
    run = factory.by_hand()

    assert (run.state, run.outcome, run.themes.count()) == (RunState.NAMING, topics.Outcome.TOO_FEW, 0)

    theme = factory.named(run)
    assert theme.texts.count() == 1


def test_nothing_is_grouped_before_anything_was_read() -> None:
    run = factory.to_read()

    with pytest.raises(NotPossibleNow):
        themes.ask_for_groups(run=run, by=leader(run.municipality), at=NOW)


def test_going_back_to_reading_drops_proposals_but_no_work() -> None:
    run = factory.grouped()
    by = leader(run.municipality)
    themes.read_more(run=run, by=by, at=NOW)
    run.refresh_from_db()
    assert (run.state, run.themes.count(), run.texts.filter(theme__isnull=False).count()) == (RunState.READING, 0, 0)

    themes.ask_for_groups(run=run, by=by, at=NOW)
    factory.work(run)
    theme_naming.name_theme(theme=run.themes.first(), name="Espera", by=by, at=NOW)
    with pytest.raises(NotPossibleNow):
        themes.read_more(run=run, by=by, at=NOW)


# --- Naming


def test_a_person_names_a_theme_and_maps_it() -> None:
    standards = list(small_catalogue().standards.order_by("number")[:2])
    run = factory.grouped()
    theme = run.themes.first()
    by = leader(run.municipality)

    theme_naming.name_theme(theme=theme, name="  Mucha   espera ", standards=standards, by=by, at=NOW)

    theme.refresh_from_db()
    assert (theme.name, theme.state, theme.decided_by) == ("Mucha espera", ThemeState.ACCEPTED, by)
    assert sorted(standard.code for standard in theme.standards.all()) == ["E01", "E02"]
    theme_naming.name_theme(theme=theme, name="Larga espera", by=by, at=NOW)
    theme.refresh_from_db()
    assert (theme.name, theme.standards.count()) == ("Larga espera", 0)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_name_that_does_not_do_is_refused(name: str) -> None:
    run = factory.by_hand()

    with pytest.raises(InvalidContent) as refused:
        theme_naming.add_theme(run=run, name=name, by=leader(run.municipality), at=NOW)

    assert refused.value.field == "name"


def test_two_themes_have_two_names() -> None:
    run = factory.by_hand()
    factory.named(run, "Espera")

    with pytest.raises(InvalidContent):
        factory.named(run, "ESPERA")


def test_merging_moves_every_text() -> None:
    run = factory.grouped()
    first, second = run.themes.order_by("number")[:2]
    total = first.texts.count() + second.texts.count()

    theme_naming.merge_theme(theme=second, into=first, by=leader(run.municipality), at=NOW)

    second.refresh_from_db()
    assert (second.state, second.merged_into, second.texts.count()) == (ThemeState.MERGED, first, 0)
    assert first.texts.count() == total
    with pytest.raises(InvalidContent):
        theme_naming.merge_theme(theme=first, into=second, by=leader(run.municipality), at=NOW)
    with pytest.raises(InvalidContent):
        theme_naming.merge_theme(theme=first, into=first, by=leader(run.municipality), at=NOW)


def test_splitting_makes_two_that_wait_for_a_name() -> None:
    run = factory.grouped()
    theme = run.themes.first()
    ids = list(theme.texts.values_list("pk", flat=True))

    parts = theme_naming.split_theme(theme=theme, texts=ids[:3], by=leader(run.municipality), at=NOW)

    theme.refresh_from_db()
    assert theme.state == ThemeState.SPLIT
    assert [part.texts.count() for part in parts] == [3, len(ids) - 3]
    assert {part.state for part in parts} == {ThemeState.PROPOSED}
    for nothing in ([], list(parts[0].texts.values_list("pk", flat=True))):
        with pytest.raises(InvalidContent):
            theme_naming.split_theme(theme=parts[0], texts=nothing, by=leader(run.municipality), at=NOW)


def test_rejecting_leaves_texts_without_a_theme() -> None:
    run = factory.grouped()
    theme = run.themes.first()
    count = theme.texts.count()
    before = run.texts.filter(theme__isnull=True).count()

    theme_naming.reject_theme(theme=theme, reason="Solo comparten saludos", by=leader(run.municipality), at=NOW)

    theme.refresh_from_db()
    assert (theme.state, theme.reason) == (ThemeState.REJECTED, "Solo comparten saludos")
    assert run.texts.filter(theme__isnull=True).count() == before + count


def test_texts_of_another_run_or_left_out_are_not_moved() -> None:
    run, other = factory.by_hand(), factory.by_hand()
    theme = factory.named(run, texts=[])
    out = run.texts.get()
    theme_reading.read_again(text=out, reading=Reading(out.pk, (), True), by=leader(run.municipality), at=NOW)

    with pytest.raises(InvalidContent):
        theme_naming.move_texts(
            run=run, texts=[other.texts.get().pk, out.pk], into=theme, by=leader(run.municipality), at=NOW
        )
    with pytest.raises(InvalidContent):
        theme_naming.move_texts(
            run=run, texts=[out.pk], into=factory.named(other, texts=[]), by=leader(run.municipality), at=NOW
        )

    assert theme.texts.count() == 0


# --- The end


def test_a_closed_search_keeps_its_counts() -> None:
    small_catalogue()

    run = factory.closed(counts={"Espera": 6, "Trato": 2})

    summary = run.summary
    assert (run.state, summary["texts"], summary["read"], summary["grouped"]) == (RunState.CLOSED, 9, 9, 8)
    assert [(theme["name"], theme["texts"]) for theme in summary["themes"]] == [("Espera", 6), ("Trato", 2)]
    assert summary["months"] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert summary["themes"][0]["by_month"]["2026-06"] == 6
    assert summary["by_month"] == {**dict.fromkeys(summary["months"], 0), "2026-01": 1, "2026-06": 8}
    assert summary["themes"][0]["share"] == 6 / 9
    assert summary["masked"] == {"run": 1, "word": 1}
    assert "Texto" not in str(summary)


def test_a_closed_search_takes_no_more_work() -> None:
    run = factory.closed()
    by, theme, text = leader(run.municipality), run.themes.first(), run.texts.first()

    for act in (
        lambda: theme_naming.name_theme(theme=theme, name="Otro", by=by, at=NOW),
        lambda: theme_naming.reject_theme(theme=theme, reason="No", by=by, at=NOW),
        lambda: theme_naming.move_texts(run=run, texts=[text.pk], into=None, by=by, at=NOW),
        lambda: theme_reading.read_again(text=text, reading=Reading(text.pk, (), True), by=by, at=NOW),
        lambda: themes.close_run(run=run, by=by, at=NOW),
        lambda: themes.discard_run(run=run, reason="No", by=by, at=NOW),
    ):
        with pytest.raises(NotPossibleNow):
            act()


def test_a_search_is_not_closed_while_a_theme_waits() -> None:
    run = factory.grouped()

    with pytest.raises(NotPossibleNow):
        themes.close_run(run=run, by=leader(run.municipality), at=NOW)


def test_discarding_deletes_texts_and_keeps_the_reason() -> None:
    run = factory.grouped()

    themes.discard_run(run=run, reason="Días equivocados", by=leader(run.municipality), at=NOW)

    run.refresh_from_db()
    assert (run.state, run.discard_reason) == (RunState.DISCARDED, "Días equivocados")
    assert (ThemeText.objects.count(), Theme.objects.count()) == (0, 0)


# --- Compared with the last one


def two_searches(before: dict[str, int], now: dict[str, int], continues: dict[str, str]) -> list[reads.Change]:
    municipality = MunicipalityFactory()
    factory.closed(municipality, counts=before, starts_on=FIRST, ends_on=date(2026, 3, 31))
    first = ThemeRun.objects.get()
    for name, count in now.items():
        for _number in range(count):
            factory.say(municipality, f"Ahora {name}", said_on=LAST)
    run = factory.by_hand(municipality, starts_on=date(2026, 4, 1), ends_on=LAST)
    for name in now:
        earlier = first.themes.filter(name=continues.get(name, "")).first()
        ids = list(run.texts.filter(text=f"Ahora {name}").values_list("pk", flat=True))
        factory.named(run, name, texts=ids, continues=earlier)
    return reads.changes(themes.close_run(run=run, by=leader(municipality), at=NOW))


def test_a_change_is_claimed_only_beyond_chance() -> None:
    changes = two_searches(
        {"Espera": 30, "Trato": 5, "Sistema": 5},
        {"Larga espera": 8, "Trato": 5, "Estacionar": 27},
        {"Larga espera": "Espera", "Trato": "Trato"},
    )

    assert {change.name: change.verdict for change in changes} == {
        "Larga espera": "less",
        "Trato": "unclear",
        "Estacionar": "new",
        "Sistema": "gone",
    }


def test_a_theme_goes_on_with_one_of_an_earlier_closed_search_only() -> None:
    run, other = factory.by_hand(), factory.closed()
    mine = factory.named(run, "Una", texts=[])

    for stranger in (other.themes.first(), mine):
        with pytest.raises(InvalidContent) as refused:
            factory.named(run, "Otra", texts=[], continues=stranger)
        assert refused.value.field == "continues"
