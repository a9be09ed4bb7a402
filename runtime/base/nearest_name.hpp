// The known name a user probably meant.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace volley::runtime {

/// The candidate with the smallest edit distance to `name` (letters are compared without case), or an empty string when
/// all differ in more than half of its letters. Names of more than 256 letters are near to none.
std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates);
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?", or nothing when no candidate is near, or the nearest is the name itself.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// "Unaccessed entry 'key' ...": why a call cannot set it on `whom` ("this model"). A key in `told` is one that users
/// can only read; for others the nearest of `settable` is named.
std::string unaccessed_entry(std::string_view key, const std::string& whom, const std::vector<std::string>& settable,
                             const std::vector<std::string>& told = {});

}  // namespace volley::runtime
