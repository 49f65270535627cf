"""The one exception tree.

Every exception carries its message and nothing else, so that it survives a trip between processes
and reads the same in a terminal, in a report and in the window.
"""


class InspectorError(Exception):
    """Anything this product can explain to its user."""


class ArchiveError(InspectorError):
    """A file that cannot be read as an `.npz`: names the file, the member, what was expected and what was found."""


class ArchiveChangedError(ArchiveError):
    """The file changed, shrank or vanished while it was open."""


class MemberTooLargeError(ArchiveError):
    """A whole read that would take more memory than the caller allows; rows and blocks still work."""


class ReadStoppedError(ArchiveError):
    """A read that was given up because nobody waits for it any more."""


class PickledMemberError(ArchiveError):
    """An object array: reading it as numpy would runs code, so it is never read that way."""


class ProfileError(InspectorError):
    """A profile or skeleton that cannot be used: names the file, the key path, expected and got."""


class MeasureError(InspectorError):
    """An array that cannot be measured: names the array, what was expected and what was found."""


class ReportError(InspectorError):
    """A report that could not be written or read; the previous one is left whole."""


class UsageError(InspectorError):
    """A request that makes no sense as given: wrong path, unknown name, nothing to audit."""
