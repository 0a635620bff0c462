"""Static files in tests: a name that does not exist is an error, as it is under the manifest."""

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class StrictStaticFilesStorage(StaticFilesStorage):
    """Refuses the address of a file that no finder knows; raises ValueError as the manifest does."""

    def url(self, name: str | None) -> str:
        if name and not name.endswith("/") and finders.find(name) is None:
            raise ValueError(f"Missing static file: {name}")
        return super().url(name)
