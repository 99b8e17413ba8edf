"""Addresses of the module, one list per noun."""

from benefits_core.urls import appointments, attentions, editing, procedures, queues, terms

app_name = "benefits_core"

urlpatterns = [
    *appointments.urlpatterns,
    *queues.urlpatterns,
    *attentions.urlpatterns,
    *procedures.urlpatterns,
    *editing.urlpatterns,
    *terms.urlpatterns,
]
