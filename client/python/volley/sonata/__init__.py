"""Networks in the SONATA format (https://github.com/AllenInstitute/sonata): point neurons and virtual inputs."""

from .network import SonataNetwork

__all__ = ["SonataNetwork"]
