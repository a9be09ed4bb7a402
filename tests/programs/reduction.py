"""Makes a program shorter while it still shows its fault: fewer lines, then fewer and simpler arguments."""

import ast
from collections.abc import Callable, Iterator

Program = list[str]


def reduced(program: Program, shows: Callable[[Program], bool], attempts: int = 400) -> Program:
    """The shortest program found by leaving things out one by one. REQUIRES: shows(program)."""
    budget = iter(range(attempts))

    def try_all(candidates: Callable[[Program], Iterator[Program]]) -> bool:
        """Whether something could be left out."""
        nonlocal program
        for shorter in candidates(program):
            if next(budget, None) is None:
                return False
            if shows(shorter):
                program = shorter
                return True
        return False

    while try_all(_fewer_lines) or try_all(_simpler_lines):
        pass
    return program


def _fewer_lines(program: Program) -> Iterator[Program]:
    """Halves and quarters first: most lines have nothing to do with the fault."""
    size = len(program) // 2
    while size >= 1:
        for start in reversed(range(0, len(program), size)):
            rest = program[:start] + program[start + size :]
            if rest:
                yield rest
        size //= 2


def _simpler_lines(program: Program) -> Iterator[Program]:
    for i, text in enumerate(program):
        for simpler in simpler_texts(text):
            yield program[:i] + [simpler] + program[i + 1 :]


def simpler_texts(text: str) -> Iterator[str]:
    """The line with one thing less: an entry of a dictionary, an argument, an element of a list, a call where a number
    would do."""
    count = sum(1 for _ in _edits(ast.parse(text)))
    for chosen in range(count):
        tree = ast.parse(text)
        for number, edit in enumerate(_edits(tree)):
            if number == chosen:
                edit()
                break
        simpler = ast.unparse(tree)
        if len(simpler) < len(ast.unparse(ast.parse(text))):
            yield simpler


def _edits(tree: ast.AST) -> Iterator[Callable[[], None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (lambda i=i, node=node: (node.keys.pop(i), node.values.pop(i)) for i in range(len(node.keys)))
        if isinstance(node, ast.List) and len(node.elts) > 1:
            yield from (lambda i=i, node=node: node.elts.pop(i) for i in range(len(node.elts)))
        if isinstance(node, ast.Call):
            yield from (lambda i=i, node=node: node.keywords.pop(i) for i in range(len(node.keywords)))
            if len(node.args) > 1:
                yield lambda node=node: node.args.pop()
        for field, child in ast.iter_fields(node):
            for at, one in enumerate(child) if isinstance(child, list) else ((None, child),):
                yield from (
                    lambda node=node, field=field, at=at, new=new: _put(node, field, at, new)
                    for new in _simpler_nodes(one)
                )


def _put(node: ast.AST, field: str, at: int | None, new: ast.AST) -> None:
    if at is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[at] = new


def _simpler_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What might do in place of a node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield from (
            ast.Constant(round(node.value, digits)) for digits in (0, 1) if round(node.value, digits) != node.value
        )
    if isinstance(node, ast.Subscript):
        yield node.value
    if isinstance(node, (ast.BinOp, ast.Compare)):
        yield node.left
    if (
        isinstance(node, ast.Call)
        and "random" in ast.unparse(node.func) + ast.unparse(node)
        and "nest.Create(" not in ast.unparse(node)
    ):
        yield ast.Constant(1.0)
