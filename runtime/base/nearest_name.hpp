// The known name a user probably meant.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace volley::runtime {

/// The candidate with the smallest edit distance to `name` (letters are compared without case), or an empty string when
/// all differ in more than half of its letters.
std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates);
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace volley::runtime
