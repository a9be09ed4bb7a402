"""The exceptions a user sees: one class per kind of mistake, in the namespace `NESTErrors`, as PyNEST scripts expect
them.

The kernel names the kind of an error as text; `exception_for` finds the class. Names with the prefix "builtins." are
Python's own classes, because the contract asks for them in places (an unknown key of a get is a plain KeyError).
"""

import builtins

__all__ = ["NESTError", "NESTErrors", "exception_for"]

_KINDS = """
    DynamicModuleManagementError NotImplemented TypeMismatch UnaccessedDictionaryEntry UnknownModelName UnknownComponent
    NewModelNameExists ModelInUse UnknownSynapseType UnknownNode NoThreadSiblingsAvailable LocalNodeExpected
    NodeWithProxiesExpected UnknownCompartment UnknownReceptorType IncompatibleReceptorType UnknownPort
    IllegalConnection InexistentConnection UnknownThread BadDelay UnexpectedEvent UnsupportedEvent BadProperty
    BadParameter BadParameterValue DimensionMismatch DistributionError InvalidDefaultResolution InvalidTimeInModel
    StepMultipleRequired TimeMultipleRequired GSLSolverFailure NumericalInstability NamingConflict RangeCheck IOError
    KeyError InternalError MUSICPortUnconnected MUSICPortHasNoWidth MUSICPortAlreadyPublished MUSICSimulationHasRun
    MUSICChannelUnknown MUSICPortUnknown MUSICChannelAlreadyMapped MPIPortsFileUnknown MPIPortsFileMissing MPIErrorCode
    UnmatchedSteps BackendPrepared BackendAlreadyRegistered BackendNotPrepared LayerExpected LayerNodeExpected
    UndefinedName
""".split()


class NESTErrors:
    """The namespace of the kernel's exceptions. `KernelException` is the base; all others are its direct children."""

    class KernelException(Exception):
        """Base of all errors of the kernel, and the error for a call in the wrong state."""


NESTError = NESTErrors.KernelException

for _kind in _KINDS:  # __qualname__ makes instances picklable
    _members = {"__module__": __name__, "__qualname__": f"NESTErrors.{_kind}"}
    setattr(NESTErrors, _kind, type(_kind, (NESTError,), _members))


def exception_for(kind: str) -> type[Exception]:
    """The class of an error kind: "BadProperty" of `NESTErrors`, "builtins.KeyError" of Python. Unknown kinds are
    NESTError."""
    if kind.startswith("builtins."):
        return getattr(builtins, kind.removeprefix("builtins."), NESTError)
    return getattr(NESTErrors, kind, NESTError)
