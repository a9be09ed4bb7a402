"""Random Parameters: each use, for a node or a connection, draws a new value that depends on the seed alone."""

from .parameters import CreateParameter, Parameter

__all__ = ["exponential", "lognormal", "normal", "uniform", "uniform_int"]


def uniform(min: float = 0.0, max: float = 1.0) -> Parameter:
    """Uniform in [min, max)."""
    return CreateParameter("uniform", {"min": min, "max": max})


def uniform_int(max: int) -> Parameter:
    """A whole number from 0 to max - 1."""
    return CreateParameter("uniform_int", {"max": max})


def normal(mean: float = 0.0, std: float = 1.0) -> Parameter:
    """Normal with the given mean and standard deviation."""
    return CreateParameter("normal", {"mean": mean, "std": std})


def exponential(beta: float = 1.0) -> Parameter:
    """Exponential with mean `beta`."""
    return CreateParameter("exponential", {"beta": beta})


def lognormal(mean: float = 0.0, std: float = 1.0) -> Parameter:
    """exp of a normal with the given mean and standard deviation."""
    return CreateParameter("lognormal", {"mean": mean, "std": std})
