"""id_ranges behaves as a sorted list of ids, whatever ranges it is made of."""

import random

import numpy as np

from volley.id_ranges import id_ranges


def some_ids(seed):
    """A random id_ranges, possibly strided, and the same ids as a list."""
    draw = random.Random(seed)
    ids = sorted(draw.sample(range(1, 60), draw.randint(1, 30)))
    start = draw.randrange(len(ids))
    stop, stride = draw.randint(start + 1, len(ids)), draw.randint(1, 4)
    return id_ranges.of_sorted(np.array(ids)).sliced(start, stop, stride), ids[start:stop:stride]


def test_equals_the_list_it_was_made_from():
    for seed in range(2000):
        ranges, ids = some_ids(seed)
        assert list(ranges) == ids and len(ranges) == len(ids) and ranges.to_array().tolist() == ids
        assert [ranges.at(position) for position in range(len(ids))] == ids
        assert [node_id for node_id in range(70) if node_id in ranges] == ids
        assert [ranges.index(node_id) for node_id in ids] == list(range(len(ids)))


def test_slices_of_slices():
    for seed in range(2000):
        ranges, ids = some_ids(seed)
        draw = random.Random(seed)
        start = draw.randrange(len(ids))
        stop, stride = draw.randint(start + 1, len(ids)), draw.randint(1, 3)
        assert list(ranges.sliced(start, stop, stride)) == ids[start:stop:stride]


def test_union_joins_neighbours_and_finds_overlap():
    low, high = id_ranges([(1, 5, 1), (20, 22, 1)]), id_ranges([(6, 9, 1)])
    assert low.union(high).ranges == ((1, 9, 1), (20, 22, 1))
    assert low.union(id_ranges([(22, 30, 1)])) is None and low.union(id_ranges()).ranges == low.ranges


def test_equality_does_not_depend_on_the_ranges():
    assert id_ranges([(1, 3, 2)]) == id_ranges([(1, 1, 1), (3, 3, 1)]) != id_ranges([(1, 1, 1), (4, 4, 1)])


def test_a_million_ids_are_one_range():
    many = id_ranges.of_sorted(np.arange(1, 1_000_001))
    assert many.ranges == ((1, 1_000_000, 1),) and many.sliced(10, 900_000, 7).ranges == ((11, 899_994, 7),)
