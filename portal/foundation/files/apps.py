from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "portal.foundation.files"
    label = "files"

    def ready(self) -> None:
        from portal.foundation.files import holdings

        holdings.declare()
