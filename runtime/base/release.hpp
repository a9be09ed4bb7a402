// The release that files name which the runtime writes: that of the Python package and of protocol/release.hpp.
#pragma once

namespace volley::runtime {

inline constexpr const char* release = "0.1.0";

}  // namespace volley::runtime
