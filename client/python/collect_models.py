"""Makes `volley/models.json`, what clients know of models without a kernel: the tables of the models as
volley-model-tables prints them, what the head of a model's file says, and its equations.

    volley-model-tables | collect_models.py EQUATIONS SOURCE...
"""

import json
import re
import sys
from pathlib import Path

NAME = re.compile(r'string_view name = "(\w+)"')
HEAD = re.compile(r"\A((?://.*\n)+)")


def heads(sources):
    """Model -> the text at the head of its file. A file of several models has none of theirs."""
    found = {}
    for text in sources:
        head, names = HEAD.match(text), NAME.findall(text)
        if head and len(names) == 1:
            found[names[0]] = " ".join(line.removeprefix("//").strip() for line in head[1].splitlines())
    return found


def equations(text):
    """Model -> the lines of its block."""
    found, lines = {}, []
    for line in text.splitlines():
        if line.startswith("["):
            lines = []
            found |= dict.fromkeys(line.strip("[]").split(), lines)
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
    return found


def collect(tables, equation_text, sources):
    """Model -> its entry; the name "" has what every neuron has besides."""
    about, formulas = heads(sources), equations(equation_text)
    unknown = formulas.keys() - {model["name"] for model in tables}
    if unknown:
        raise SystemExit(f"equations of unknown models: {', '.join(sorted(unknown))}")
    return {
        model["name"]: {**model, "about": about.get(model["name"], ""), "equations": formulas.get(model["name"], [])}
        for model in tables
    }


def main(equation_file, *sources):
    texts = [Path(source).read_text(encoding="utf-8") for source in sources]
    models = collect(json.load(sys.stdin), Path(equation_file).read_text(encoding="utf-8"), texts)
    json.dump(models, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
