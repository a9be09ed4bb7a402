#include "runtime/cluster/message.hpp"

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime::cluster {

namespace {

// By itself, or g++ 12 warns of a copy into the empty array that the image begins as.
template <class Message> [[gnu::noinline]] void write(snapshot_writer& to, const Message& m) { to(m); }

template <class Message> std::vector<std::byte> image_of(const Message& m) {
  snapshot_writer image;
  write(image, m);
  return image.take();
}

}  // namespace

std::vector<std::byte> encoded(const order_message& m) { return image_of(m); }
std::vector<std::byte> encoded(const report_message& m) { return image_of(m); }
order_message decoded_order_message(std::span<const std::byte> bytes) { return object_of<order_message>(bytes); }
report_message decoded_report_message(std::span<const std::byte> bytes) { return object_of<report_message>(bytes); }

}  // namespace volley::runtime::cluster
