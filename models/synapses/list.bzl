"""The synapse models, a file each.

The order is that of the ids, and so of GetConnections and of the sums of what arrives (docs/ARCHITECTURE.md).
"""

SYNAPSES = [
    "bernoulli_synapse",
    "cont_delay_synapse",
    "ht_synapse",
    "jonke_synapse",
    "quantal_stp_synapse",
    "static_synapse",
    "static_synapse_hom_w",
    "stdp_pl_synapse_hom",
    "stdp_synapse",
    "stdp_synapse_hom",
    "tsodyks2_synapse",
    "tsodyks_synapse",
    "tsodyks_synapse_hom",
    "vogels_sprekeler_synapse",
]
