"""How the portal hands out its style sheets and scripts."""

from pathlib import Path

from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, at ease where nothing was collected yet: the files then come from the packages themselves.

    WhiteNoise's own would warn of the missing directory at every start.
    """

    def add_files(self, root: str, prefix: str | None = None) -> None:
        if Path(root).is_dir():
            super().add_files(root, prefix)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """What `collectstatic` collects has a name that says its content, so that browsers keep it for good.

    Before the first collection files have their plain names: no step is needed before the first page.
    """

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        stored: str = super().stored_name(name)
        return stored
