"""Where gateways report: one address without a language, which stands in their settings."""

from django.urls import path

from portal.foundation.messages import views

app_name = "messages"
urlpatterns = [path("sms/", views.DeliveryReceiptView.as_view(), name="receipt")]
