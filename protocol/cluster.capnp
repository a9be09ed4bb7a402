# How a worker joins a supervisor: the only messages of a cluster that releases of different days must understand.
@0xb4d6f1a27c9e0358;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("volley::protocol");

struct WorkerHello {
  # Answer to a challenge. The proof is HMAC-SHA-256 with the token of workers over both nonces and all else here.
  nonce @0 :Data;
  proof @1 :Data;
  protocol @2 :UInt32;
  release @3 :Text;
  build @4 :Text;
  digest @5 :UInt64;   # of what its arithmetic yields
  lanes @6 :UInt32;
  memory @7 :UInt64;   # bytes that its part of a network may take
  process @8 :UInt32;
  address @9 :Text;    # where it listens for other workers
  port @10 :UInt16;
}

struct Admitted {
  # The proof shows that the supervisor knows the token, too.
  number @0 :UInt32;
  epoch @1 :UInt64;
  proof @2 :Data;
}
