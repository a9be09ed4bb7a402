"""Lines about nodes with positions: layers, masks, connections in space, questions."""

from node_lines import create, part_of
from vocabulary import CURRENT_SOURCES, METERS, NEURONS, RECORDERS, SPIKE_SOURCES
from world import group, world

_RULES = {"pairwise_bernoulli": None, "pairwise_poisson": None, "fixed_indegree": "in", "fixed_outdegree": "out"}


def _point(w: world, dimensions: int, reach: float = 1.0) -> str:
    return f"[{', '.join(w.number(-reach, reach) for _ in range(dimensions + w.errs()))}]"


def _frame(w: world, dimensions: int, center: bool) -> str:
    parts = []
    if w.chance(0.5):
        sides = [w.pick(("1.0", "2.0", "2.5", "3")) for _ in range(dimensions)]
        parts.append(f"extent={w.wrong() if w.errs() else '[' + ', '.join(sides) + ']'}")
    if center and w.chance(0.2):
        parts.append(f"center={_point(w, dimensions)}")
    if w.chance(0.5):
        parts.append(f"edge_wrap={w.wrong() if w.errs() else w.chance(0.7)}")
    return "".join(f", {part}" for part in parts)


def _positions(w: world, dimensions: int) -> tuple[str, int]:
    """What `Create` takes, and how many nodes it makes; 0: as many as are asked for."""
    if w.chance(0.4):
        shape = [w.random.randint(1, 3 if dimensions == 3 else 5) for _ in range(dimensions)]
        text = w.wrong() if w.errs() else str(shape)
        count = shape[0] * shape[1] * (shape[2] if dimensions == 3 else 1)
        return f"nest.spatial.grid({text}{_frame(w, dimensions, True)})", count
    if w.chance(0.5):
        points = [_point(w, dimensions) for _ in range(w.random.randint(1, 9))]
        return f"nest.spatial.free([{', '.join(points)}]{_frame(w, dimensions, False)})", len(points)
    drawn = [w.parameter(-1, 1) if w.chance(0.3) else "nest.random.uniform(-1.0, 1.0)" for _ in range(dimensions)]
    return f"nest.spatial.free([{', '.join(drawn)}]{_frame(w, dimensions, False)})", 0


def layer(w: world) -> str:
    families = (NEURONS,) * 6 + (SPIKE_SOURCES, RECORDERS, METERS, CURRENT_SOURCES)
    model, name = w.pick(w.models(w.pick(families))), w.fresh("n")
    dimensions = w.pick((2, 2, 2, 3))
    w.erred = False
    positions, count = _positions(w, dimensions)
    asked = count if count and "free" in positions else 1 if count else w.pick((2, 5, 9, 16))
    values = f", {{'V_m': -60.0 + nest.spatial.pos.{w.pick('xyz')}}}" if model in NEURONS and w.chance(0.15) else ""
    if not w.erred:
        n = count or asked
        w.groups.append(group(name, model, n, tuple(range(w.size + 1, w.size + n + 1)), dimensions))
        w.size += n
    return f"{name} = nest.Create('{model}', {asked}{values}, positions={positions})"


def _layers(w: world, *families: dict) -> list[group]:
    return [one for one in w.groups_of(*families) if one.dimensions]


def _part(w: world, of: group) -> group:
    if of.count == 1 or w.chance(0.75):
        return of
    text, count = part_of(w, of)
    return of._replace(name=text, count=count)


# --- masks ----------------------------------------------------------------------------------------------------------


def _radius(w: world, low: float = 0.1) -> str:
    return w.wrong() if w.errs() else w.number(low, 1.0)


def _turn(w: world, *angles: str) -> str:
    return "".join(f", '{angle}': {w.number(-180, 180)}" for angle in angles if w.chance(0.4))


def _mask_of_plane(w: world) -> str:
    low, high = _point(w, 2, 0.4), f"[{w.number(0.5, 1)}, {w.number(0.5, 1)}]"
    return w.pick(
        (
            f"'circular': {{'radius': {_radius(w)}}}",
            f"'rectangular': {{'lower_left': {low}, 'upper_right': {high}{_turn(w, 'azimuth_angle')}}}",
            f"'doughnut': {{'inner_radius': {w.number(0.1, 0.4)}, 'outer_radius': {_radius(w, 0.5)}}}",
            f"'elliptical': {{'major_axis': {_radius(w, 0.6)}, 'minor_axis': {w.number(0.1, 0.5)}"
            f"{_turn(w, 'azimuth_angle')}}}",
            f"'grid': {{'shape': [{w.random.randint(1, 3)}, {w.random.randint(1, 3)}]}}",
        )
    )


def _mask_of_space(w: world) -> str:
    high = f"[{w.number(0.5, 1)}, {w.number(0.5, 1)}, {w.number(0.5, 1)}]"
    turns = ("azimuth_angle", "polar_angle")
    return w.pick(
        (
            f"'spherical': {{'radius': {_radius(w)}}}",
            f"'box': {{'lower_left': {_point(w, 3, 0.4)}, 'upper_right': {high}{_turn(w, *turns)}}}",
            f"'ellipsoidal': {{'major_axis': {_radius(w, 0.6)}, 'minor_axis': {w.number(0.1, 0.5)}, "
            f"'polar_axis': {w.number(0.1, 1)}{_turn(w, *turns)}}}",
        )
    )


def _described(w: world, dimensions: int) -> str:
    text = _mask_of_plane(w) if dimensions == 2 else _mask_of_space(w)
    if w.chance(0.3):
        grid = text.startswith("'grid'")
        anchor = f"[{w.random.randint(-1, 2)}, {w.random.randint(-1, 2)}]" if grid else _point(w, dimensions, 0.3)
        text += f", 'anchor': {anchor}"
    return "{" + text + "}"


def _made(w: world, dimensions: int) -> str:
    kind, _, rest = _described(w, dimensions)[1:-1].partition(": ")
    specs, anchored, anchor = rest.partition(", 'anchor': ")
    return f"nest.CreateMask({kind}, {specs}{', ' + anchor if anchored else ''})"


def _mask(w: world, dimensions: int) -> str:
    """An object, now and then of several; for some dimensions."""
    if w.chance(0.4):
        return f"({_made(w, dimensions)} {w.pick('&|-')} {_made(w, dimensions)})"
    return _made(w, dimensions)


# --- connections ----------------------------------------------------------------------------------------------------


def _profile(w: world, dimensions: int) -> str:
    """A Parameter of pairs."""
    far, axes = "nest.spatial.distance", "xyz"[: dimensions + w.errs()]
    ends = [f"nest.spatial.{end}.{w.pick(axes)}" for end in ("source_pos", "target_pos")]
    bells = "nest.spatial_distributions"
    return w.pick(
        (
            far,
            f"{far}.{w.pick(axes)}",
            f"1.0 - 0.5 * {far}",
            f"0.5 * ({ends[0]} - {ends[1]}) * nest.random.uniform()",
            f"nest.math.exp(-2.0 * {far})",
            f"{bells}.gaussian({far}, std={w.number(0.1, 1)})",
            f"{bells}.exponential({far}, beta={w.number(0.1, 1)})",
            f"{bells}.gamma({far}, kappa={w.number(0.5, 3)}, theta={w.number(0.1, 1)})",
            f"{bells}.gaussian2D({ends[0]}, {ends[1]}, std_x={w.number(0.1, 1)}, rho={w.number(-0.9, 0.9)})",
            f"{bells}.gabor({ends[0]}, {ends[1]}, theta={w.number(0, 90)}, lam={w.number(0.1, 1)})",
            f"nest.logic.conditional({far} < {w.number(0.1, 1)}, 1.0, nest.random.uniform())",
        )
    )


def _rule(w: world, pre: group) -> str:
    name = w.pick(_RULES)
    entries = [f"'rule': '{name}'"]
    if degree := _RULES[name]:
        entries.append(f"'{degree}degree': {w.pick((1, 1, 2, 3, '1 + nest.random.uniform_int(2)'))}")
    if w.chance(0.6):
        text = _described(w, pre.dimensions) if w.chance(0.6) else _mask(w, pre.dimensions)
        entries.append(f"'mask': {w.wrong() if w.errs() else text}")
    number = w.number(0, 1) if w.chance(0.4) else _profile(w, pre.dimensions)
    if name == "pairwise_poisson":
        entries.append(f"'pairwise_avg_num_conns': nest.math.max({_profile(w, pre.dimensions)}, 0.0)")
    elif w.chance(0.7):
        entries.append(f"'p': {number}")
    flags = ["allow_autapses", "allow_multapses", "allow_oversized_mask", "use_on_source"]
    chances = (0.1, 0.1, 0.5, 0.4 if name == "pairwise_bernoulli" else w.wrongness)
    entries += [f"'{flag}': {w.chance(0.7)}" for flag, chance in zip(flags, chances) if w.chance(chance)]
    return "{" + ", ".join(entries) + "}"


def connect(w: world) -> str:
    cells = _layers(w, NEURONS)
    if not cells:
        return layer(w)
    pairs = [(a, b) for a in cells for b in cells if a.dimensions == b.dimensions]
    devices = _layers(w, SPIKE_SOURCES, CURRENT_SOURCES, METERS)
    pairs += [(a, b) for a in devices for b in cells if a.dimensions == b.dimensions]
    pairs += [(a, b) for a in cells for b in _layers(w, RECORDERS) if a.dimensions == b.dimensions]
    if w.errs():
        pairs = [(w.pick(w.groups), w.pick(w.groups))]
    pairs = [pair for pair in pairs if not w.storms(*pair)]
    if not pairs:
        return layer(w)
    pre, post = (_part(w, end) for end in w.pick(pairs))
    weight = w.number(-300, 1500) if w.chance(0.5) else f"100.0 * {_profile(w, pre.dimensions or 2)}"
    delay = w.time(4, 0.1) if w.chance(0.6) else "1.0 + nest.spatial.distance"
    synapse = f"{{'weight': {weight}, 'delay': {delay}}}"
    rule = _rule(w, pre._replace(dimensions=pre.dimensions or 2))
    return f"nest.Connect({pre.name}, {post.name}, {rule}, {synapse})"


# --- questions ------------------------------------------------------------------------------------------------------


def ask(w: world) -> str:
    layers = [one for one in w.groups if one.dimensions]
    if not layers:
        return layer(w) if w.chance(0.8) else create(w)
    of, other = _part(w, w.pick(layers)), _part(w, w.pick(layers))
    if w.errs():
        of = w.pick(w.groups)
    points = f"[{', '.join(_point(w, of.dimensions) for _ in range(w.random.randint(1, 3)))}]"
    name, d, model = of.name, of.dimensions or 2, w.pick(("", "", ", 'static_synapse'", ", 'stdp_synapse'"))
    return w.pick(
        (
            f"{name}.spatial",
            f"nest.GetPosition({name})",
            f"nest.Distance({name}, {other.name})",
            f"nest.Displacement({name}, {other.name})",
            f"nest.Distance({points}, {name})",
            f"nest.FindCenterElement({name})",
            f"nest.FindNearestElement({name}, {points}, {w.chance(0.5)})",
            f"nest.SelectNodesByMask({name}, {_point(w, d)}, {_mask(w, d)})",
            f"nest.GetTargetNodes({name}, {other.name}{model})",
            f"nest.GetSourceNodes({name}, {other.name}{model})",
            f"nest.GetTargetPositions({name}, {other.name}{model})",
            f"nest.GetSourcePositions({name}, {other.name}{model})",
            "nest.GetConnections().distance",
            f"nest.spatial.pos.{w.pick('xyz')}.apply({name})",
            f"({_profile(w, d)}).apply({name}[0], {points})",
            f"{_mask(w, d)}.Inside({_point(w, d)})",
            f"{name}.V_m = -60.0 + nest.spatial.pos.{w.pick('xyz')}",
        )
    )
