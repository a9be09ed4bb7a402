// Every input of the committed corpus, through every fuzz target: what a fuzzer has found once stays found.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "protocol/fuzz/targets.hpp"

namespace volley::protocol {
namespace {

std::vector<std::byte> bytes_of(const std::filesystem::path& file) {
  std::vector<std::byte> bytes(std::filesystem::file_size(file));
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Every input also cut to each length of whole words, which ends in each of the readers' bounds.
void replay(const std::vector<std::byte>& bytes) {
  for (std::size_t count = bytes.size();; count -= std::min<std::size_t>(count, 8)) {
    const auto part = std::span(bytes).first(count);
    fuzz::frame_target(part);
    fuzz::request_target(part);
    fuzz::value_target(part);
    fuzz::batch_target(part);
    if (count == 0) return;
  }
}

class corpus : public testing::TestWithParam<const char*> {};

TEST_P(corpus, replays_without_a_finding) {
  const std::filesystem::path folder = std::filesystem::path("protocol/fuzz/corpus") / GetParam();
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().string());
    replay(bytes_of(entry.path()));
    ++inputs;
  }
  EXPECT_GT(inputs, 20u);
}

INSTANTIATE_TEST_SUITE_P(all, corpus, testing::Values("frame", "request", "value", "batch"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace volley::protocol
