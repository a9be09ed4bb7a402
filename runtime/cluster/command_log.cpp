#include "runtime/cluster/command_log.hpp"

#include <array>
#include <cstring>
#include <optional>

#include "runtime/base/digest.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime::cluster {

namespace {

struct log_head {
  std::array<char, 8> magic{'V', 'L', 'L', 'Y', 'C', 'M', 'D', 'S'};
  std::uint32_t format = command_log_format, zero = 0;
  std::uint64_t kernel = 0, number = 0, sum = 0;
};
static_assert(sizeof(log_head) == 40);

struct group_head {
  std::uint64_t length = 0, content = 0, sum = 0;
};
static_assert(sizeof(group_head) == 24);

std::uint64_t digest_of(std::span<const std::byte> bytes) {
  digest sum;
  sum.add(bytes.data(), bytes.size());
  return sum.value();
}

/// Of all of a head but its digest, which is its last member.
template <class Head> std::uint64_t sum_of(const Head& head, std::uint64_t place = 0) {
  digest sum;
  sum.add(reinterpret_cast<const std::byte*>(&head), sizeof head - sizeof head.sum);
  sum.add(place);
  return sum.value();
}

template <class Head> Head head_at(std::span<const std::byte> bytes, std::size_t place) {
  Head head;
  std::memcpy(&head, bytes.data() + place, sizeof head);
  return head;
}

/// The content of a group that is whole.
std::optional<std::span<const std::byte>> group_at(std::span<const std::byte> bytes, std::size_t place) {
  if (bytes.size() - place < sizeof(group_head)) return std::nullopt;
  const auto head = head_at<group_head>(bytes, place);
  if (head.sum != sum_of(head, place) || head.length > bytes.size() - place - sizeof head) return std::nullopt;
  const auto content = bytes.subspan(place + sizeof head, head.length);
  if (digest_of(content) != head.content) return std::nullopt;
  return content;
}

void append(std::vector<std::byte>& to, const void* from, std::size_t count) {
  const auto* const first = static_cast<const std::byte*>(from);
  to.insert(to.end(), first, first + count);
}

}  // namespace

std::vector<std::byte> begun_log(std::uint64_t kernel, std::uint64_t number) {
  log_head head;
  head.kernel = kernel;
  head.number = number;
  head.sum = sum_of(head);
  std::vector<std::byte> bytes;
  append(bytes, &head, sizeof head);
  return bytes;
}

std::vector<std::byte> group_of(std::span<const logged::record> records, std::uint64_t place) {
  const auto content = bytes_of(std::vector(records.begin(), records.end()));
  group_head head{content.size(), digest_of(content), 0};
  head.sum = sum_of(head, place);
  std::vector<std::byte> bytes;
  append(bytes, &head, sizeof head);
  append(bytes, content.data(), content.size());
  return bytes;
}

command_log read_command_log(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(log_head)) throw damaged_log("is cut off within its head");
  const auto head = head_at<log_head>(bytes, 0);
  if (head.magic != log_head().magic) throw damaged_log("is no command log");
  if (head.sum != sum_of(head)) throw damaged_log("is damaged: its head is not what was written");
  if (head.format != command_log_format)
    throw damaged_log("has format " + std::to_string(head.format) + "; this release reads format " +
                      std::to_string(command_log_format));
  command_log log{head.kernel, head.number, {}, sizeof head};
  while (const auto content = group_at(bytes, log.whole_bytes)) {
    try {
      for (auto& one : object_of<std::vector<logged::record>>(*content)) log.records.push_back(std::move(one));
    } catch (const std::invalid_argument&) {
      throw damaged_log("holds what this build does not write, at byte " + std::to_string(log.whole_bytes));
    }
    log.whole_bytes += sizeof(group_head) + content->size();
  }
  for (auto place = log.whole_bytes + 1; place + sizeof(group_head) <= bytes.size(); ++place)
    if (group_at(bytes, place))
      throw damaged_log("is damaged at byte " + std::to_string(log.whole_bytes) + ": there is more behind it");
  return log;
}

}  // namespace volley::runtime::cluster
