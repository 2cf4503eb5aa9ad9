"""To add a plug-in, add a file: finds modules by their file names, and the files that noticed ships."""

from __future__ import annotations

import sysconfig
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType


def names(package: str) -> list[str]:
    """Return the names of the plug-ins of ``package`` without importing them; names with "_" in front are private."""
    home = import_module(package)
    return sorted(found.name for found in iter_modules(home.__path__) if not found.name.startswith("_"))


def modules(package: str) -> dict[str, ModuleType]:
    """Return the plug-in modules of ``package`` by name, in alphabetical order."""
    return {name: import_module(f"{package}.{name}") for name in names(package)}


def exported(module: ModuleType, ending: str) -> type:
    """Return the one class that a plug-in exports under a name with this ending ("Settings", "Mailbox", "Mailer")."""
    (name,) = (name for name in module.__all__ if name.endswith(ending))
    found: type = getattr(module, name)
    return found


def shipped(name: str) -> Path:
    """A file or folder that noticed ships: beside the package in a checkout, else under share/noticed."""
    beside = Path(__file__).resolve().parents[1] / name
    return beside if beside.exists() else Path(sysconfig.get_path("data")) / "share/noticed" / name
