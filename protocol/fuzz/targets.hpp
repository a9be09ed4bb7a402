// What is fuzzed: functions that take any bytes and must neither crash, nor hang, nor accept what they should refuse.
// Each is a libFuzzer program (bazel/fuzz.bzl), and every test run replays the corpus through all of them.
#pragma once
#include <cstddef>
#include <span>

namespace volley::protocol::fuzz {

/// The frame decoder, on the bytes as they are, and again with their checksums made right, so that the checks behind
/// the checksums are met too.
void frame_target(std::span<const std::byte> bytes);

/// Every message of api.capnp: the bytes as a hello, welcome, request, reply, event and error.
void request_target(std::span<const std::byte> bytes);

/// The bytes as a value.
void value_target(std::span<const std::byte> bytes);

/// The bytes as a batch of spikes.
void batch_target(std::span<const std::byte> bytes);

}  // namespace volley::protocol::fuzz
