"""Makes `volley/models.json`, what clients know of models without a kernel: the tables of the models as
volley-model-tables prints them, and what the head of a model's file says. Indented lines of a head are equations.

    volley-model-tables | collect_models.py SOURCE...
"""

import json
import re
import sys
from pathlib import Path

NAME = re.compile(r'string_view name = "(\w+)"')
VARIANT = re.compile(r"_(lbl|hpc)$")
INDENT = "   "
HEAD = re.compile(r"\A((?://.*\n)+)")


def heads(sources):
    """Model -> (text, equations) of the head of its file. A file of several models has none of theirs."""
    found = {}
    for text in sources:
        head, names = HEAD.match(text), NAME.findall(text)
        if head and len(names) == 1:
            lines = [line.removeprefix("//") for line in head[1].splitlines()]
            prose = [line.strip() for line in lines if line.strip() and not line.startswith(INDENT)]
            formulas = [line.removeprefix(INDENT) for line in lines if line.startswith(INDENT)]
            found[names[0]] = " ".join(prose), formulas
    return found


def collect(tables, sources):
    """Model -> its entry; the name "" has what every neuron has besides. Variants have the head of their model."""
    said = heads(sources)
    return {
        model["name"]: {
            **model,
            **dict(zip(("about", "equations"), said.get(VARIANT.sub("", model["name"]), ("", [])))),
        }
        for model in tables
    }


def main(*sources):
    texts = [Path(source).read_text(encoding="utf-8") for source in sources]
    json.dump(collect(json.load(sys.stdin), texts), sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
