# The spikes one virtual process emitted in one interval.
@0x981def0280e4b038;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("volley::protocol");

struct SpikeBatch {
  vp @0 :UInt32;
  incarnation @1 :UInt32;
  interval @2 :UInt64;
  firstId @3 :UInt64;       # sources are offsets from this id
  counts @4 :Data;          # uint32 a step of the interval: how many of the sources belong to it
  sources @5 :Data;         # uint32 a spike, ascending within a step
  multiplicities @6 :Data;  # uint32 a spike; empty: all 1
  offsets @7 :Data;         # float64 ms a spike before the step's end, or an amount it carries; empty: all 0
}
