#include "runtime/growth/element_settings.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/values/field_values.hpp"

namespace volley::runtime {
namespace {

constexpr std::string_view derived_key = "z_vacant";

class setting_reader {
 public:
  setting_reader(const std::string& subject, std::uint64_t place) : subject_(subject), place_(place) {}

  std::vector<element_setting> read(const value& v) const {
    std::vector<element_setting> all;
    for (const auto& [name, of_one] : dictionary_of(subject_, v)) {
      element_setting one{name, {}};
      for (const auto& [key, x] : dictionary_of(subject_ + ": '" + name + "'", of_one))
        one.values.emplace_back(&field_of(name, key), number(name, field_of(name, key), x));
      all.push_back(std::move(one));
    }
    return all;
  }

 private:
  [[noreturn]] void refuse(error_kind kind, const std::string& text) const { throw api_error(kind, text, place_); }

  const dictionary& dictionary_of(const std::string& what, const value& v) const {
    if (const auto* const d = v.get_if<dictionary>()) return *d;
    refuse(error_kind::TypeMismatch, what + " must be a dict, not " + type_name(v) + " " + to_text(v));
  }

  const models::field& field_of(const std::string& name, const std::string& key) const {
    std::vector<std::string> known;
    for (const auto& f : element_fields) {
      if (f.is_key && !f.is_read_only && f.name == key) return f;
      if (f.is_key && !f.is_read_only) known.emplace_back(f.name);
    }
    refuse(error_kind::UnaccessedDictionaryEntry,
           subject_ + ": '" + name +
               "': " + unaccessed_entry(key, "synaptic elements", known, {"z_connected", std::string(derived_key)}));
  }

  double number(const std::string& name, const models::field& f, const value& v) const {
    const std::string what = subject_ + ": '" + name + "': " + std::string(f.name) + " = " + to_text(v);
    const bool is_choice = f.kind == models::field_kind::choice;
    const auto x = stored(f, v);
    if (!x)
      refuse(is_choice && v.is<std::string>() ? error_kind::BadProperty : error_kind::TypeMismatch,
             what + " must be " + wanted(f));
    if (std::isnan(*x)) refuse(error_kind::BadProperty, what + " is not a number");
    if (!models::is_within(f, *x)) refuse(error_kind::BadProperty, what + " " + bounds(f));
    return *x;
  }

  const std::string& subject_;
  std::uint64_t place_;
};

}  // namespace

growth_curve element_setting::curve(growth_curve otherwise) const {
  for (const auto& [f, x] : values)
    if (f->column == models::column_of(&element_record::growth_curve)) otherwise = static_cast<growth_curve>(x);
  return otherwise;
}

std::vector<element_setting> read_elements(const value& v, const std::string& subject, std::uint64_t place) {
  return setting_reader(subject, place).read(v);
}

std::string why_not(const element_setting& setting, growth_curve curve) {
  for (const auto& [f, x] : setting.values) {
    if (has_key(curve, *f)) continue;
    return "'" + setting.name + "': Unaccessed entry '" + std::string(f->name) + "': a " +
           std::string(growth_curves[static_cast<std::size_t>(curve)]) + " growth_curve has none";
  }
  return {};
}

}  // namespace volley::runtime
