from volley.nearest_name import nearest_name


def test_the_nearest_name_is_asked_for_and_none_that_is_far():
    known = {"tau_m": 1, "tau_syn_ex": 2}
    assert nearest_name("tau_M", known) == "; did you mean 'tau_m'?"
    assert nearest_name("rate", known) == nearest_name("tau_m", []) == ""
    assert nearest_name(5, known) == ""
