"""Pages of models, from their tables: text for `nest.help`, and a folder of HTML for `nest.helpdesk`."""

import html
import textwrap
from pathlib import Path
from typing import Any

from .model_tables import fields_of_every_neuron, known_models, model_table

__all__ = ["html_page", "text_of_table", "text_page", "write_pages"]

_WIDTH = 100
_KINDS = {"neuron": "Neurons", "stimulator": "Stimulators", "recorder": "Recorders", "synapse": "Synapses"}
_SYNAPSE_FIELDS = [
    ("weight", "", "strength; its unit is that of what it does to the target"),
    ("delay", "ms", "time from a spike of the source to its effect"),
    ("receptor_type", "", "receptor of the target"),
    ("weight_recorder", "", "a weight_recorder that hears what is transmitted"),
]


def text_page(name: Any) -> str | None:
    """The page of a built-in model as text; None for anything else."""
    table = model_table(name)
    return None if table is None else text_of_table(table)


def text_of_table(table: dict[str, Any]) -> str:
    """The page of a model by its table, which may lack what the head of the model's file says."""
    title = f"{table['name']}: {table['meaning']}"
    parts = [title, "=" * min(_WIDTH, len(title)), ""]
    if table.get("about"):
        parts += [*textwrap.wrap(table["about"], _WIDTH), ""]
    if table.get("equations"):
        parts += ["Equations", "---------", *(f"  {line}" for line in table["equations"]), ""]
    for title, rows in _sections(table):
        parts += [title, "-" * len(title), *_columns(rows), ""]
    return "\n".join(parts)


def _sections(table: dict[str, Any]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """(title, rows of name, default, unit, meaning), without empty ones."""
    fields = table["fields"]
    params = [_row(field) for field in fields if field["kind"] == "param"]
    if table["kind"] == "synapse":
        params = [(name, "", unit, meaning) for name, unit, meaning in _SYNAPSE_FIELDS] + params
    receptors = table.get("receptors", {}).items()
    sections: list[tuple[str, list[tuple[str, ...]]]] = [
        ("Parameters", params),
        *((f"Members of {field['name']}", _members(field)) for field in fields if "members" in field),
        ("State", [_row(field) for field in fields if field["kind"] == "state"]),
        ("Receptors", [(name, str(number), "", "") for name, number in receptors]),
        ("Recordables of a multimeter", [_row(field, False) for field in fields if field["recordable"]]),
    ]
    if table["kind"] == "neuron":
        besides = [_row(field) for field in fields_of_every_neuron() if field["kind"] != "hidden"]
        sections.append(("Every neuron has besides", besides))
    return [(title, rows) for title, rows in sections if rows]


def _members(field: dict[str, Any]) -> list[tuple[str, ...]]:
    return [_row(member) for member in field["members"]]


def _row(field: dict[str, Any], has_default: bool = True) -> tuple[str, ...]:
    notes = [field["range"], "read-only" if field["read_only"] else ""]
    told = ", ".join(note for note in notes if note)
    default = _value(field["default"]) if has_default else ""
    return field["name"], default, field["unit"], field["meaning"] + (f" ({told})" if told else "")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ""
    if isinstance(value, float):
        return "none" if abs(value) >= 1e300 else f"{value:g}"
    return repr(value) if isinstance(value, str) else str(value)


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = []
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths) if width]
        start = "  " + "  ".join(cells) + "  "
        room = max(30, _WIDTH - len(start))
        first, *others = textwrap.wrap(row[3], room) or [""]
        lines += [(start + first).rstrip(), *(" " * len(start) + line for line in others)]
    return lines


def html_page(name: str) -> str:
    """The page of a built-in model as HTML. REQUIRES: a known model."""
    table = model_table(name)
    assert table is not None
    parts = [f"<h1>{name}</h1>", f"<p><b>{html.escape(table['meaning'])}</b></p>"]
    if table["about"]:
        parts.append(f"<p>{html.escape(table['about'])}</p>")
    if table["equations"]:
        lines = html.escape("\n".join(table["equations"]))
        parts += ["<h2>Equations</h2>", f"<pre>{lines}</pre>"]
    for title, rows in _sections(table):
        parts += [f"<h2>{title}</h2>", _html_table(rows)]
    parts.append('<p><a href="../index.html">All models</a></p>')
    return _document(name, parts)


def _html_table(rows: list[tuple[str, ...]]) -> str:
    titles = ("name", "default", "unit", "meaning")
    told = [column for column in range(len(titles)) if any(row[column] for row in rows)]
    heads = "".join(f"<th>{titles[column]}</th>" for column in told)
    lines = ("".join(f"<td>{html.escape(row[column])}</td>" for column in told) for row in rows)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>\n<tr>{heads}</tr>\n{body}\n</table>"


def _document(title: str, parts: list[str]) -> str:
    style = (
        "body {font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; line-height: 1.4} "
        "table {border-collapse: collapse} "
        "td, th {text-align: left; padding: 0.2em 1em 0.2em 0; vertical-align: top; border-bottom: 1px solid #ddd} "
        "td:first-child {font-family: monospace; white-space: nowrap} "
        "pre {background: #f5f5f5; padding: 1em; overflow-x: auto}"
    )
    head = f'<meta charset="utf-8"><title>{title} - Volley</title><style>{style}</style>'
    return f"<!doctype html>\n<html><head>{head}</head><body>\n" + "\n".join(parts) + "\n</body></html>\n"


def _index() -> str:
    parts = ["<h1>Volley</h1>", "<p>Spiking neuronal networks with the PyNEST API. The models:</p>"]
    tables = [table for name in known_models() if (table := model_table(name)) is not None]
    for kind, title in _KINDS.items():
        links = "".join(
            f'<tr><td><a href="models/{table["name"]}.html">{table["name"]}</a></td>'
            f"<td>{html.escape(table['meaning'])}</td></tr>\n"
            for table in tables
            if table["kind"] == kind
        )
        parts += [f"<h2>{title}</h2>", f"<table>\n{links}</table>"]
    return _document("Models", parts)


def write_pages(place: str | Path) -> None:
    """Writes index.html, models/NAME.html and models/NAME.rst below a folder, which is made if need be."""
    folder = Path(place)
    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(_index(), encoding="utf-8")
    for name in known_models():
        (folder / "models" / f"{name}.html").write_text(html_page(name), encoding="utf-8")
        (folder / "models" / f"{name}.rst").write_text(text_page(name) or "", encoding="utf-8")
