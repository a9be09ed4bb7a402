# Values of the PyNEST API as they cross a socket: scalars, typed columns, node ranges, expression trees.
@0xb0a1b1608b777be0;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("volley::protocol");

struct NodeRange {
  # Ids first, first + step, ..., last (last is included).
  first @0 :UInt64;
  last @1 :UInt64;
  step @2 :UInt64 = 1;
}

struct Nodes {
  # A NodeCollection: ascending, disjoint ranges of the kernel incarnation `generation`.
  generation @0 :UInt64;  # the kernel counts its resets; handles of another generation are stale
  ranges @1 :List(NodeRange);
}

struct Connections {
  # A SynapseCollection as columns of equal length: int64 little endian, 8 bytes an entry.
  generation @0 :UInt64;
  sources @1 :Data;
  targets @2 :Data;
  models @3 :Data;  # ids of synapse models
  ports @4 :Data;   # multapse number: counts the connections of one (model, source, target)
}

enum Operation {
  # Leaves that are numbers or draws. Numbers are in `numbers`, in the order of the comment.
  constant @0;       # value
  uniform @1;        # min, max
  uniformInt @2;     # max
  normal @3;         # mean, std
  lognormal @4;      # mean, std
  exponential @5;    # beta
  # Leaves that read positions; refused outside spatial networks.
  position @6;       # dimension, endpoint (0 node, 1 source, 2 target)
  distance @7;       # dimension (0 Euclidean)
  # Inner nodes: arguments are indices of earlier terms.
  add @8;
  subtract @9;
  multiply @10;
  divide @11;
  power @12;         # argument 0; exponent is numbers[0]
  less @13;
  lessEqual @14;
  equal @15;
  notEqual @16;
  greaterEqual @17;
  greater @18;
  exp @19;
  sin @20;
  cos @21;
  minimum @22;       # argument 0 and numbers[0]
  maximum @23;
  redraw @24;        # argument 0; numbers: min, max
  conditional @25;   # condition, if true, if false
  gaussian @26;      # x; mean, std
  gaussian2d @27;    # x, y; mean_x, mean_y, std_x, std_y, rho
  gamma @28;         # x; kappa, theta
  expDistribution @29;  # x; beta
  gabor @30;         # x, y; theta, gamma, std, lam, psi
}

struct Term {
  operation @0 :Operation;
  arguments @1 :List(UInt32);
  numbers @2 :List(Float64);
}

struct Expression {
  # A Parameter: terms in order of evaluation, the last one is the value. Flat, so that depth costs no nesting.
  terms @0 :List(Term);
}

struct Matrix {
  # Row-major float64.
  rows @0 :UInt64;
  columns @1 :UInt64;
  data @2 :Data;
}

struct Entry {
  key @0 :Text;
  value @1 :Value;
}

struct Dictionary {
  entries @0 :List(Entry);
}

struct Value {
  union {
    none @0 :Void;
    boolean @1 :Bool;
    integer @2 :Int64;
    real @3 :Float64;
    text @4 :Text;
    emptyVector @5 :Void;      # a vector whose type nobody has said yet
    booleans @6 :Data;         # one byte an entry
    integers @7 :Data;         # int64
    reals @8 :Data;            # float64
    texts @9 :List(Text);
    matrix @10 :Matrix;
    nodes @11 :Nodes;
    parameter @12 :Expression;
    dictionary @13 :Dictionary;
    values @14 :List(Value);   # mixed entries, one per node or connection
  }
}
