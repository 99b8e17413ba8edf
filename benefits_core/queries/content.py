"""What a publisher agrees to and the audit protects: plain values, read from the database each time."""

from __future__ import annotations

import json
from typing import Any

from benefits_core.enums import LinkKind
from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion, Step, StepLink, StepMapping
from benefits_core.models.procedures import STEP_FIELDS, STEP_TEXTS
from portal.foundation.audit.domain import digest_of

FILE_FORMAT = "mejora.procedure/1"
VERSION_TEXTS = ("name", "summary", "audience", "result", "cost", "legal_source", "change_note")


def version_content(version: ProcedureVersion) -> dict[str, Any]:
    """Texts, steps and links of a version, steps named by their keys."""
    stored = ProcedureVersion.objects.get(pk=version.pk)
    steps = list(Step.objects.filter(version_id=version.pk).order_by("position"))
    keys = {step.pk: step.key for step in steps}
    links = StepLink.objects.filter(version_id=version.pk).order_by("id")
    return {
        "texts": {
            **{name: getattr(stored, name) for name in VERSION_TEXTS},
            "legal_confirmed": stored.legal_confirmed,
            "is_official": stored.is_official,
        },
        "steps": [
            {"key": step.key, "position": step.position, **{name: getattr(step, name) for name in STEP_FIELDS}}
            for step in steps
        ],
        "links": [[keys[link.source_id], keys[link.target_id], link.kind, link.condition] for link in links],
    }


def file_content(version: ProcedureVersion) -> dict[str, Any]:
    """The version as a file that can be read as a draft elsewhere; texts that are empty are left out."""
    content = version_content(version)
    texts = content["texts"]
    following: dict[str, dict[str, Any]] = {}
    for source, target, kind, condition in content["links"]:
        leads = following.setdefault(source, {})
        if kind == LinkKind.NEXT:
            leads["next"] = target
        else:
            leads.setdefault("alternatives", []).append({"to": target, "if": condition})
    return {
        "format": FILE_FORMAT,
        "key": version.procedure.key,
        "kind": version.procedure.kind,
        **({"territory": version.procedure.territory.code} if version.procedure.territory else {}),
        "version": {"number": version.number, "starts_on": _day(version.starts_on), "ends_on": _day(version.ends_on)},
        **{name: texts[name] for name in VERSION_TEXTS if texts[name]},
        "legal_confirmed": texts["legal_confirmed"],
        "is_official": texts["is_official"],
        "steps": [{**_step_content(step), **following.get(step["key"], {})} for step in content["steps"]],
    }


def as_file(version: ProcedureVersion) -> bytes:
    """The version's file in JSON."""
    return json.dumps(file_content(version), ensure_ascii=False, indent=2).encode()


def _step_content(step: dict[str, Any]) -> dict[str, Any]:
    written = {"key": step["key"], "actor": step["actor"]}
    written |= {name: step[name] for name in (*STEP_TEXTS, "channels", "documents") if step[name]}
    if step["term_amount"] is not None:
        written["term"] = {"amount": step["term_amount"], "unit": step["term_unit"]}
    return written


def content_hash(version: ProcedureVersion) -> str:
    """SHA-256 (hex) of the version's content as it is stored now."""
    return digest_of(version_content(version))


def audited_procedure(procedure: Procedure) -> dict[str, Any]:
    return {
        "key": procedure.key,
        "kind": procedure.kind,
        "territory": procedure.territory_id,
        "name": procedure.name,
    }


def audited_version(version: ProcedureVersion) -> dict[str, Any]:
    return {
        "state": version.state,
        "dates": [_day(version.starts_on), _day(version.ends_on), version.end_reason],
        "people": [version.edited_by_id, version.published_by_id],
        **version_content(version),
    }


def audited_terms(terms: MunicipalTerms) -> dict[str, Any]:
    return {
        "state": terms.state,
        "dates": [_day(terms.starts_on), _day(terms.ends_on)],
        "people": [terms.edited_by_id, terms.proposed_by_id, terms.published_by_id],
        "note": terms.note,
        "terms": list(terms.step_terms.order_by("step_key").values_list("step_key", "amount", "unit")),
        "service_points": list(terms.service_points.order_by("pk").values_list("pk", flat=True)),
    }


def audited_mapping(mapping: StepMapping) -> dict[str, Any]:
    return {
        "entry": [mapping.from_step_id, mapping.to_version_id, mapping.to_step_id, mapping.reason, mapping.made_by_id],
        "undone": [mapping.undone_by_id, mapping.undo_reason],
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
