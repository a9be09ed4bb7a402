"""The exceptions a user sees: one class per kind of mistake, in the namespace `NESTErrors`, as PyNEST scripts expect
them.

The kernel names the kind of an error as text; `exception_for` finds the class. Names with the prefix "builtins." are
Python's own classes, because the contract asks for them in places (an unknown key of a get is a plain KeyError).
"""

import builtins

__all__ = ["NESTError", "NESTErrors", "exception_for"]


class NESTErrors:
    """The namespace of the kernel's exceptions. `KernelException` is the base; all others are its direct children."""

    class KernelException(Exception):
        """Base of all errors of the kernel, and the error for a call in the wrong state."""

    class DynamicModuleManagementError(KernelException):
        """A module of models cannot be loaded."""

    class NotImplemented(KernelException):
        """What is asked for is not supported."""

    class TypeMismatch(KernelException):
        """A value has the wrong type."""

    class UnaccessedDictionaryEntry(KernelException):
        """A key that nothing reads."""

    class UnknownModelName(KernelException):
        """Create or CopyModel with a name that no model has."""

    class UnknownComponent(KernelException):
        """GetDefaults or SetDefaults with a name that no model and no backend has."""

    class NewModelNameExists(KernelException):
        """CopyModel with a new name that is taken."""

    class ModelInUse(KernelException):
        """A model cannot be changed while nodes or connections use it."""

    class UnknownSynapseType(KernelException):
        """A name that no synapse model has."""

    class UnknownNode(KernelException):
        """An id outside the network."""

    class NoThreadSiblingsAvailable(KernelException):
        """A node has no copies on other threads."""

    class LocalNodeExpected(KernelException):
        """A node of another process, where one of this process is needed."""

    class NodeWithProxiesExpected(KernelException):
        """A device, where a node that lives once is needed."""

    class UnknownCompartment(KernelException):
        """A compartment that the node does not have."""

    class UnknownReceptorType(KernelException):
        """A receptor that the target does not have."""

    class IncompatibleReceptorType(KernelException):
        """A receptor that does not take what the connection sends."""

    class UnknownPort(KernelException):
        """A port that the node does not have."""

    class IllegalConnection(KernelException):
        """Nodes that cannot be connected in this way."""

    class InexistentConnection(KernelException):
        """A connection that is not there."""

    class UnknownThread(KernelException):
        """A thread that is not there."""

    class BadDelay(KernelException):
        """A delay that is too short, too long, or outside what is fixed."""

    class UnexpectedEvent(KernelException):
        """A node got an event that it does not take."""

    class UnsupportedEvent(KernelException):
        """A synapse model does not carry such events."""

    class BadProperty(KernelException):
        """A parameter's value is refused."""

    class BadParameter(KernelException):
        """An argument's value is refused."""

    class BadParameterValue(KernelException):
        """A value outside the domain of an argument or a Parameter."""

    class DimensionMismatch(KernelException):
        """Sizes that do not fit each other."""

    class DistributionError(KernelException):
        """A distribution cannot be drawn from."""

    class InvalidDefaultResolution(KernelException):
        """A model's default is no time of the new resolution."""

    class InvalidTimeInModel(KernelException):
        """A model's time is no time of the resolution."""

    class StepMultipleRequired(KernelException):
        """A time that is no multiple of the resolution."""

    class TimeMultipleRequired(KernelException):
        """A time that is no multiple of another one."""

    class GSLSolverFailure(KernelException):
        """The integration of a neuron's equations failed."""

    class NumericalInstability(KernelException):
        """A neuron's state left all bounds."""

    class NamingConflict(KernelException):
        """A name that is taken already."""

    class RangeCheck(KernelException):
        """A position outside a container."""

    class IOError(KernelException):
        """A file cannot be read or written. Not Python's own class of that name."""

    class KeyError(KernelException):
        """A key that is not there. Not Python's own class of that name."""

    class InternalError(KernelException):
        """A fault of the simulator itself."""

    class MUSICPortUnconnected(KernelException):
        """Of MUSIC."""

    class MUSICPortHasNoWidth(KernelException):
        """Of MUSIC."""

    class MUSICPortAlreadyPublished(KernelException):
        """Of MUSIC."""

    class MUSICSimulationHasRun(KernelException):
        """Of MUSIC."""

    class MUSICChannelUnknown(KernelException):
        """Of MUSIC."""

    class MUSICPortUnknown(KernelException):
        """Of MUSIC."""

    class MUSICChannelAlreadyMapped(KernelException):
        """Of MUSIC."""

    class MPIPortsFileUnknown(KernelException):
        """The file with MPI's ports is not named."""

    class MPIPortsFileMissing(KernelException):
        """The file with MPI's ports is not there."""

    class MPIErrorCode(KernelException):
        """MPI refused a call."""

    class UnmatchedSteps(KernelException):
        """Steps that are left over."""

    class BackendPrepared(KernelException):
        """A backend is prepared already."""

    class BackendAlreadyRegistered(KernelException):
        """A backend's name is taken."""

    class BackendNotPrepared(KernelException):
        """A backend is not prepared."""

    class LayerExpected(KernelException):
        """Nodes without positions, where positions are needed."""

    class LayerNodeExpected(KernelException):
        """A node without a position, where one is needed."""

    class UndefinedName(KernelException):
        """A name that stands for nothing."""


NESTError = NESTErrors.KernelException


def exception_for(kind: str) -> type[Exception]:
    """The class of an error kind: "BadProperty" of `NESTErrors`, "builtins.KeyError" of Python. Unknown kinds are
    NESTError."""
    if kind.startswith("builtins."):
        return getattr(builtins, kind.removeprefix("builtins."), NESTError)
    return getattr(NESTErrors, kind, NESTError)
