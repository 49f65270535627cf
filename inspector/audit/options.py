"""How files are to be audited: one frozen object that travels to every worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.errors import UsageError

if TYPE_CHECKING:
    from inspector.profiles import Profile


@dataclass(frozen=True, slots=True)
class Options:
    """What an audit was asked to do.

    Attributes
    ----------
    profile
        Judge every file by it; None lets each file pick its own by the arrays it holds.
    targets
        The targets that must be ready; None takes what the profile wants of each file.
    validator
        ``module:function`` of an optional extra validator, or ``""`` for the installed plug-in; None for none.
        It is code of the user's own choosing and runs in the worker.
    edited
        By name of a profile, another one that judges whatever that one was picked for.
    lines
        Workers make each record's line of the report.
    slim
        Records leave the worker without the figures that only reports hold (`inspector.audit.compact.slim`).
    evidence
        Each record also carries what it can be judged by again (`Record.evidence`).
    """

    profile: Profile | None = None
    targets: tuple[str, ...] | None = None
    validator: str | None = None
    edited: tuple[tuple[str, Profile], ...] = ()
    lines: bool = False
    slim: bool = False
    evidence: bool = False

    def in_use(self, picked: Profile) -> Profile:
        """The profile that judges where this one was picked."""
        return next((profile for name, profile in self.edited if name == picked.name), picked)

    def checked(self) -> Options:
        """These options, or a clear error.

        Raises
        ------
        UsageError
            When a target is not one of the profile's.
        """
        if self.profile is not None and self.targets is not None:
            unknown = [t for t in self.targets if t not in self.profile.targets]
            if unknown:
                known = ", ".join(self.profile.targets) or "none"
                raise UsageError(f"target {unknown[0]!r} is not in profile {self.profile.name}; it has {known}")
        return self
