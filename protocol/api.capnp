# The PyNEST API as typed requests, their replies and the events of a running job.
@0xe3bc76fc463bcfef;

using Cxx = import "/capnp/c++.capnp";
using V = import "values.capnp";
$Cxx.namespace("volley::protocol");

struct Hello {
  # First frame of a client. The token is empty on a Unix socket, where the peer's uid decides.
  token @0 :Data;
  version @1 :Text;   # the client's release
  session @2 :UInt64; # unused
  key @3 :Data;       # the client's name for this session, drawn at random: who says it again goes on with it
  kernel @4 :Text;    # its name; empty: the one that is always there, "own": a new one, which ends with the session
  knows @5 :UInt64;   # who comes back: the identity of the kernel it left; no other is made for it then
}

struct Welcome {
  session @0 :UInt64;
  kernel @1 :UInt64;
  version @2 :Text;
  generation @3 :UInt64;
  identity @4 :UInt64;  # of the kernel: one with another number has another network
  lasting @5 :Bool;     # the kernel survives the death of its server's process
  changes @6 :UInt64;   # as of a reply
}

struct Request {
  union {
    createNodes @0 :CreateNodes;
    connect @1 :Connect;
    connectArrays @2 :ConnectArrays;
    disconnect @3 :Disconnect;
    disconnectConnections @4 :V.Connections;
    getConnections @5 :GetConnections;
    getConnectionValues @6 :GetConnectionValues;
    setConnectionValues @7 :SetConnectionValues;
    describeNodes @8 :V.Nodes;         # -> list of dictionaries {first, last, step, model, model_id}
    getNodeValues @9 :GetNodeValues;
    setNodeValues @10 :SetNodeValues;
    matchNodes @11 :V.Dictionary;      # GetNodes: nodes whose values equal every entry
    getDefaults @12 :Text;
    setDefaults @13 :SetDefaults;
    copyModel @14 :CopyModel;
    getKernelStatus @15 :List(Text);   # no keys: all
    setKernelStatus @16 :V.Dictionary;
    resetKernel @17 :Void;
    prepare @18 :Void;
    run @19 :Float64;                  # ms
    cleanup @20 :Void;
    simulate @21 :Float64;             # ms
    cancel @22 :Void;                  # ends the session's running job at the next interval's end
    evaluate @23 :Evaluate;
    describeSpace @24 :V.Nodes;        # -> none, or a dictionary {network_size, center, extent, edge_wrap, ...}
    getPositions @25 :V.Nodes;         # -> matrix, a row a node
    displace @26 :Displace;
    findNearest @27 :FindNearest;
    selectByMask @28 :SelectByMask;    # -> nodes
    testMask @29 :TestMask;
    tripartiteConnect @30 :TripartiteConnect;
    # Files of the kernel's machine.
    save @31 :Text;
    load @32 :Text;
    describeSaved @33 :Text;           # -> a dictionary
    rescale @34 :Int64;                # the same network on so many virtual processes
    drain @35 :UInt32;                 # the number of a worker, whose virtual processes are to go elsewhere
    # Of the server.
    listKernels @36 :Void;             # -> list of dictionaries {name, number, here, own, sessions, nodes, vps, ...}
    dropKernel @37 :Text;              # its name: it ends, with all that it holds
  }
}

struct CreateNodes {
  model @0 :Text;
  count @1 :Int64;
  parameters @2 :V.Value;  # none, a dictionary, or one dictionary a node
  positions @3 :V.Value;   # none, or {shape, center, extent, edge_wrap} or {positions, extent, edge_wrap}
}

struct Connect {
  sources @0 :V.Nodes;
  targets @1 :V.Nodes;
  rule @2 :V.Dictionary;           # conn_spec; "rule" names it
  synapses @3 :List(V.Dictionary); # syn_spec; several are collocated
}

struct TripartiteConnect {
  sources @0 :V.Nodes;
  targets @1 :V.Nodes;
  third @2 :V.Nodes;
  rule @3 :V.Dictionary;            # conn_spec
  thirdRule @4 :V.Dictionary;       # third_factor_conn_spec
  primary @5 :List(V.Dictionary);   # syn_specs; several are collocated
  thirdIn @6 :List(V.Dictionary);   # from sources to third-factor nodes
  thirdOut @7 :List(V.Dictionary);  # from these to targets
}

struct ConnectArrays {
  # One connection an entry; ids may repeat and need no order.
  sources @0 :Data;  # int64
  targets @1 :Data;
  synapse @2 :V.Dictionary;  # columns of the same length, or scalars
  ofRank @3 :Bool;           # those that end on this rank: each rank has its own, and scalars where the others have
}

struct Disconnect {
  sources @0 :V.Nodes;
  targets @1 :V.Nodes;
  rule @2 :V.Dictionary;
  synapse @3 :V.Dictionary;
}

struct GetConnections {
  sources @0 :V.Nodes;  # absent: any
  targets @1 :V.Nodes;  # absent: any
  synapseModel @2 :Text;  # empty: all
  label @3 :Int64 = -1;   # -1: all
}

struct GetConnectionValues {
  connections @0 :V.Connections;
  keys @1 :List(Text);  # none: all
}

struct SetConnectionValues {
  connections @0 :V.Connections;
  values @1 :V.Value;  # a dictionary of scalars or columns, or one dictionary a connection
}

struct GetNodeValues {
  # -> dictionary {key: column or list, one entry a node, none where a node lacks the key}
  nodes @0 :V.Nodes;
  keys @1 :List(Text);
  # Of recorded events, those later than this time; of these the first so many, with all that have the last one's time.
  eventsAfterMs @2 :Float64 = -1;
  mostEvents @3 :UInt64 = 0xffffffffffffffff;
}

struct SetNodeValues {
  nodes @0 :V.Nodes;
  values @1 :V.Value;
}

struct SetDefaults {
  model @0 :Text;
  values @1 :V.Dictionary;
}

struct CopyModel {
  existing @0 :Text;
  new @1 :Text;
  values @2 :V.Dictionary;
}

struct Evaluate {
  # GetValue (no nodes) or apply: one value a node.
  expression @0 :V.Expression;
  nodes @1 :V.Nodes;
  targets @2 :V.Value;  # none, or rows of coordinates: one value for the node and each of them
}

struct Displace {
  # From nodes, or from points (rows of coordinates), to nodes: as many of both, or one of one.
  # -> matrix, or a column of distances
  from @0 :V.Nodes;  # absent: points
  points @1 :V.Value;
  to @2 :V.Nodes;
  distances @3 :Bool;
}

struct FindNearest {
  # -> a column of ids, one a location, or, for all that are equally near, a list of columns
  layer @0 :V.Nodes;
  locations @1 :V.Value;  # none: the middle of the layer
  all @2 :Bool;
}

struct SelectByMask {
  layer @0 :V.Nodes;
  anchor @1 :V.Value;  # coordinates
  mask @2 :V.Dictionary;
}

struct TestMask {
  # -> truth values, one a point; done where there are no points
  mask @0 :V.Dictionary;
  points @1 :V.Value;
}

struct Error {
  kind @0 :Text;     # the exception's class: a name of nest.NESTErrors, or a built-in of Python ("builtins.ValueError")
  message @1 :Text;
}

struct LogEntry {
  severity @0 :Int32;  # numbers of nest.VerbosityLevel
  text @1 :Text;
}

struct Reply {
  generation @0 :UInt64;
  log @1 :List(LogEntry);
  union {
    error @2 :Error;
    done @3 :Void;
    nodes @4 :V.Nodes;
    connections @5 :V.Connections;
    value @6 :V.Value;
    paged @7 :UInt64;  # a reply of so many words, to be had in pages until the next request
  }
  changes @8 :UInt64;  # calls that have changed the kernel: one that knows of fewer later has lost some
}

struct Event {
  union {
    progress @0 :Progress;
    log @1 :LogEntry;
  }
}

struct Progress {
  # A job that runs: biological time in ms, wall-clock in s.
  beganMs @0 :Float64;
  nowMs @1 :Float64;
  endMs @2 :Float64;
  wallSeconds @3 :Float64;
  spikes @4 :UInt64;  # since the job began
}
