"""The only door to resources, and to this user's config and cache folders; and what is a path at all."""

from __future__ import annotations

import functools
import os
import re
import sys
from pathlib import Path

from inspector.errors import UsageError

APP_NAME = "npz-inspector"

_LINUX = sys.platform.startswith("linux")
_PACKAGE = Path(__file__).resolve().parent


@functools.cache
def resources() -> Path:
    """Folder of profiles, skeletons and icons.

    Looked for, in order: where a packager says (``NPZ_INSPECTOR_RESOURCES``), in a frozen bundle,
    inside the installed package, beside the package in a checkout.

    Returns
    -------
    Path
        An existing folder.

    Raises
    ------
    UsageError
        If none of the places holds the resources; the message lists them.
    """
    places = [_PACKAGE / "resources", _PACKAGE.parent / "resources"]
    if bundle := getattr(sys, "_MEIPASS", None):
        places.insert(0, Path(bundle) / "resources")
    if override := os.environ.get("NPZ_INSPECTOR_RESOURCES"):
        places.insert(0, Path(override))
    for place in places:
        if (place / "profiles").is_dir():
            return place
    raise UsageError(f"resources not found; looked in {', '.join(map(str, places))}")


def resource(*parts: str) -> Path:
    """Path of one resource, as in ``resource("profiles", "generic.toml")``; it may not exist."""
    return resources().joinpath(*parts)


def config_dir() -> Path:
    """This user's settings folder; ``NPZ_INSPECTOR_CONFIG`` overrides it (tests, portable installs)."""
    if override := os.environ.get("NPZ_INSPECTOR_CONFIG"):
        return Path(override)
    import platformdirs  # only the window needs it; the engine starts without

    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


# Two letters at least: one is a drive. fsspec's chains (``simplecache::s3://``) are names like any other here.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_url(path: str) -> bool:
    """Whether it names a file or folder by URL, as ``s3://bucket/a.npz`` does and no absolute local path."""
    return "://" in path and _URL.match(path) is not None


def cache_dir() -> Path:
    """This user's folder for what can be made again; ``NPZ_INSPECTOR_CACHE`` overrides it."""
    if override := os.environ.get("NPZ_INSPECTOR_CACHE"):
        return Path(override)
    if _LINUX:  # what platformdirs says; to import it takes longer than to look there
        return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache", APP_NAME)
    import platformdirs

    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))
