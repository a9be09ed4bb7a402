"""Help and pages of models: from the tables that the build made, without a kernel."""

import importlib.util
import os
from pathlib import Path

import pytest

import volley as v
from volley import model_pages, model_tables

PACKAGES = Path(v.__file__).resolve().parents[1]


def test_help_tells_equations_parameters_units_and_defaults():
    page = v.help("iaf_psc_alpha", return_text=True)
    assert page.startswith("iaf_psc_alpha: leaky integrate-and-fire neuron")
    assert "(Rotter & Diesmann 1999)" in " ".join(page.split())
    assert "V_m' = -(V_m - E_L) / tau_m" in page
    (tau_m,) = [line.split() for line in page.splitlines() if line.split()[:1] == ["tau_m"]]
    assert tau_m == "tau_m 10 ms membrane time constant (> 0)".split()
    (V_th,) = [line.split() for line in page.splitlines() if line.split()[:1] == ["V_th"]]
    assert V_th[:3] == ["V_th", "-55", "mV"]  # absolute, as users see it
    recordables = page.split("Recordables")[1].split("Every neuron")[0]
    assert {"V_m", "I_syn_ex", "I_syn_in"} <= set(recordables.split()) and "tau_minus" not in recordables
    assert "dI_ex" not in page and "tau_minus" in page and max(map(len, page.splitlines())) <= 110


def test_each_kind_of_model_has_a_page():
    assert {"poisson_generator", "multimeter", "stdp_synapse", "hh_psc_alpha"} <= set(model_tables.known_models())
    for name in model_tables.known_models():
        table, page = model_tables.model_table(name), v.help(name, return_text=True)
        assert table["kind"] in ("neuron", "stimulator", "recorder", "synapse") and table["meaning"] in page
        assert all(field["meaning"] and field["name"] in page for field in table["fields"] if field["kind"] == "param")
    assert "record_from" in v.help("multimeter", return_text=True)
    synapse = v.help("stdp_synapse", return_text=True)
    assert "Wmax" in synapse and "delay" in synapse and "tau_minus_triplet" not in synapse


def test_computed_values_and_upper_bounds_are_told():
    rows = {field["name"]: field for field in model_tables.model_table("mat2_psc_exp")["fields"]}
    assert rows["V_th"]["default"] == -51 and rows["V_th"]["read_only"] and rows["V_th"]["recordable"]
    assert "(> 0, <= 1)" in " ".join(v.help("ignore_and_fire", return_text=True).split())
    assert "t_ref_remaining" in v.help("iaf_cond_alpha", return_text=True).split("Recordables")[1]


def test_lists_compartments_and_names_of_receptors_are_told():
    rows = {field["name"]: field for field in model_tables.model_table("glif_cond")["fields"]}
    assert rows["tau_syn"]["default"] == [0.2, 2] and rows["g_2"]["recordable"] and rows["g_2"]["kind"] == "hidden"
    table, page = model_tables.model_table("iaf_cond_alpha_mc"), v.help("iaf_cond_alpha_mc", return_text=True)
    soma = next(field for field in table["fields"] if field["name"] == "soma")
    assert {member["name"] for member in soma["members"]} >= {"V_m", "g_L", "tau_syn_in"}
    assert table["receptors"]["distal_curr"] == 9
    assert "g_L" in page.split("Members of proximal")[1].split("Members of distal")[0]
    assert "soma_inh" in page.split("Receptors")[1] and "V_m.s" in page.split("Recordables")[1]


def test_variants_of_synapses_have_the_page_of_their_model_and_a_label():
    page, labelled = v.help("stdp_synapse", return_text=True), v.help("stdp_synapse_lbl", return_text=True)
    assert "Guetig" in page and "Guetig" in labelled and "Guetig" in v.help("stdp_synapse_hpc", return_text=True)
    assert "synapse_label" in labelled and "synapse_label" not in page


def test_help_is_shown_and_unknown_names_are_told(fake, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("pydoc.pager", shown.append)
    assert v.help("dc_generator") is None and "amplitude" in shown[0]
    for unknown in ("nothing", "", 5, v.Create):
        assert v.help(unknown) is None and v.help(unknown, return_text=True) is None
        assert capsys.readouterr().out.count("There is no help") == 2
    v.help("iaf_psc_alfa")
    assert "did you mean 'iaf_psc_alpha'?" in capsys.readouterr().out
    v.help()
    assert "spiking" in capsys.readouterr().out


def test_a_copy_has_the_page_of_its_model(fake):
    v.CopyModel("iaf_psc_alpha", "mine")
    fake.get_defaults = lambda name: {"type_id": "iaf_psc_alpha"} if name == "mine" else {}
    assert v.help("mine", return_text=True) == v.help("iaf_psc_alpha", return_text=True)


def test_the_folder_of_pages(tmp_path, monkeypatch):
    model_pages.write_pages(tmp_path / "doc" / "html")
    names = model_tables.known_models()
    index = (tmp_path / "doc/html/index.html").read_text()
    assert all(f'href="models/{name}.html"' in index for name in names)
    for name in names:
        page = (tmp_path / f"doc/html/models/{name}.html").read_text()
        assert page.startswith("<!doctype html>") and f"<h1>{name}</h1>" in page and "<table>" in page
        assert (tmp_path / f"doc/html/models/{name}.rst").read_text() == v.help(name, return_text=True)
    assert "w &gt; 0: excitatory" in (tmp_path / "doc/html/models/iaf_psc_alpha.html").read_text()

    opened = []
    monkeypatch.setattr("webbrowser.open_new", opened.append)
    monkeypatch.setattr("volley.info.GetKernelStatus", lambda key: {"docdir": str(tmp_path / "doc")})
    v.helpdesk()
    assert opened == [(tmp_path / "doc/html/index.html").as_uri()]
    monkeypatch.setattr("volley.info.GetKernelStatus", lambda key: {"docdir": str(tmp_path)})
    with pytest.raises(FileNotFoundError):
        v.helpdesk()


def test_the_tables_agree_with_the_kernel():
    os.environ["PYNEST_QUIET"] = "1"
    import nest

    for name in model_tables.known_models():
        defaults = nest.GetDefaults(name)
        for field in model_tables.model_table(name)["fields"]:
            told = defaults.get(field["name"])
            if field["kind"] == "hidden" or field["name"] not in defaults:
                assert field["kind"] == "hidden" or field["name"].startswith("y_"), (name, field["name"])
            elif isinstance(told, (bool, int, float, str)):
                assert told == field["default"], (name, field["name"])
                assert isinstance(told, bool) == isinstance(field["default"], bool), (name, field["name"])
        recordable = {field["name"] for field in model_tables.model_table(name)["fields"] if field["recordable"]}
        assert recordable == set(defaults.get("recordables", ())) or model_tables.model_table(name)["kind"] != "neuron"


@pytest.fixture
def collector():
    spec = importlib.util.spec_from_file_location("collect_models", PACKAGES / "collect_models.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_heads_and_equations_are_joined_to_the_tables(collector):
    source = '// Says a\n// and b.\n//\n//   x\' = 1\n//     + 2\n#pragma once\nconstexpr string_view name = "one";\n'
    two = '// Both.\nstring_view name = "two";\nstring_view name = "three";\n'
    made = collector.collect([{"name": name} for name in ("one", "two", "three", "")], [source, two])
    assert made["one"] == {"name": "one", "about": "Says a and b.", "equations": ["x' = 1", "  + 2"]}
    for name in ("two", "three", ""):
        assert made[name] == {"name": name, "about": "", "equations": []}
