"""The neuron models, a file each. The order is that of the step loops; nothing else depends on it."""

NEURONS = [
    "amat2_psc_exp",
    "hh_cond_exp_traub",
    "hh_psc_alpha",
    "iaf_cond_alpha",
    "iaf_cond_beta",
    "iaf_cond_exp",
    "iaf_cond_exp_sfa_rr",
    "iaf_psc_alpha",
    "iaf_psc_delta",
    "iaf_psc_exp",
    "iaf_psc_exp_htum",
    "ignore_and_fire",
    "izhikevich",
    "mat2_psc_exp",
    "parrot_neuron",
]
