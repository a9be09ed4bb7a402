// How much each side accepts. Both sides read these numbers, so that a client can refuse early what a server would.
#pragma once
#include <cstddef>

namespace volley::protocol {

inline constexpr std::size_t bytes_per_word = 8;

/// A body before the peer has proved who it is.
inline constexpr std::size_t hello_limit_words = 4096 / bytes_per_word;
/// A request of a client: 16 MiB.
inline constexpr std::size_t request_limit_words = (std::size_t{16} << 20) / bytes_per_word;
/// A frame to a client: 8 MiB. A longer reply is announced, and the client asks for its pages.
inline constexpr std::size_t page_limit_words = (std::size_t{8} << 20) / bytes_per_word;
/// A whole reply: 16 GiB. Replies carry recorded columns, which grow with the run.
inline constexpr std::size_t reply_limit_words = (std::size_t{16} << 30) / bytes_per_word;

/// Segments of one message; our own writer makes one.
inline constexpr std::size_t segment_limit = 16;
/// Structs within structs.
inline constexpr int nesting_limit = 40;
/// Dictionaries and lists of values within each other: each takes up to three structs, and what is around them ten.
inline constexpr int value_nesting_limit = 8;
static_assert(3 * value_nesting_limit + 10 <= nesting_limit);
/// Keys of one dictionary. No status has a tenth of that, and finding a key costs a walk.
inline constexpr std::size_t key_limit = 1024;

/// Words a reader may visit in a message of `body_words`: every getter of a list counts again.
constexpr std::size_t traversal_limit_words(std::size_t body_words) { return 4 * body_words + 1024; }

}  // namespace volley::protocol
