"""Functions of positions and distances, as Parameters for connecting. Their peaks are 1, but for gamma's."""

from .parameters import CreateParameter, Parameter

__all__ = ["exponential", "gabor", "gamma", "gaussian", "gaussian2D"]


def exponential(x: Parameter, beta: float = 1.0) -> Parameter:
    """exp(-x / beta)."""
    return CreateParameter("exp_distribution", {"x": x, "beta": beta})


def gaussian(x: Parameter, mean: float = 0.0, std: float = 1.0) -> Parameter:
    """exp(-(x - mean)^2 / (2 std^2))."""
    return CreateParameter("gaussian", {"x": x, "mean": mean, "std": std})


def gaussian2D(
    x: Parameter,
    y: Parameter,
    mean_x: float = 0.0,
    mean_y: float = 0.0,
    std_x: float = 1.0,
    std_y: float = 1.0,
    rho: float = 0.0,
) -> Parameter:
    """The bell of two correlated variables."""
    return CreateParameter(
        "gaussian2d", {"x": x, "y": y, "mean_x": mean_x, "mean_y": mean_y, "std_x": std_x, "std_y": std_y, "rho": rho}
    )


def gamma(x: Parameter, kappa: float = 1.0, theta: float = 1.0) -> Parameter:
    """The density of the gamma distribution: x^(kappa - 1) exp(-x / theta) / (theta^kappa Gamma(kappa))."""
    return CreateParameter("gamma", {"x": x, "kappa": kappa, "theta": theta})


def gabor(
    x: Parameter,
    y: Parameter,
    theta: float = 0.0,
    gamma: float = 1.0,
    std: float = 1.0,
    lam: float = 1.0,
    psi: float = 0.0,
) -> Parameter:
    """A wave of length lam under a bell, where it is positive; theta turns it, psi shifts it, both in degrees."""
    return CreateParameter(
        "gabor", {"x": x, "y": y, "theta": theta, "gamma": gamma, "std": std, "lam": lam, "psi": psi}
    )
