from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "portal.foundation.offers"
    label = "offers"
