// From terms to instructions. Arguments stand before their users; a work list takes the place of recursion.
#include <algorithm>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/values/expression_program.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

[[noreturn]] void refuse(const char* what, std::size_t limit) {
  throw api_error(error_kind::BadParameter,
                  "Parameter: the expression has more than " + std::to_string(limit) + " " + what);
}

class compiler {
 public:
  explicit compiler(std::span<const term> terms) : terms_(terms) { open(static_cast<std::uint32_t>(terms.size() - 1)); }

  void compile() {
    while (!work_.empty()) {
      const auto [index, stage] = work_.back();
      work_.back().stage++;
      advance(terms_[index], stage);
    }
  }
  std::vector<instruction> take_code() { return std::move(code_); }
  std::vector<spatial_function> take_functions() { return std::move(functions_); }
  std::size_t deepest() const { return deepest_; }

 private:
  struct open_term {
    std::uint32_t index;
    std::uint32_t stage;  // arguments begun so far
  };

  void open(std::uint32_t index) {
    if (work_.size() >= expression_program::max_instructions) refuse("levels", expression_program::max_instructions);
    work_.push_back({index, 0});
  }

  void advance(const term& t, std::uint32_t stage) {
    if (t.what == operation::redraw && stage == 0) {
      emit({.what = step::redraw_begin});
      grow(1);
      starts_.push_back(position());
    }
    if (t.what == operation::conditional) between_branches(stage);
    if (stage < t.arguments.size()) {
      open(t.arguments[stage]);
    } else {
      work_.pop_back();
      if (t.what != operation::conditional) finish(t);
    }
  }

  /// condition; jump_if_zero E; value where true; jump F; E: value where false; F:
  void between_branches(std::uint32_t stage) {
    if (stage == 1) {
      patches_.push_back(position());
      emit({.what = step::jump_if_zero});
      shrink(1);
    } else if (stage == 2) {
      const auto jump = position();
      emit({.what = step::jump});
      code_[patches_.back()].to = position();
      patches_.back() = jump;
      shrink(1);  // the value of the branch not taken
    } else if (stage == 3) {
      code_[patches_.back()].to = position();
      patches_.pop_back();
    }
  }

  void finish(const term& t) {
    instruction i{.computes = t.what};
    if (!t.numbers.empty()) i.a = t.numbers[0];
    if (t.numbers.size() > 1) i.b = t.numbers[1];
    if (is_spatial_function(t.what)) {
      i.to = static_cast<std::uint32_t>(functions_.size());
      functions_.push_back(spatial_function_of(t));
    }
    if (t.what == operation::redraw) {
      i.to = starts_.back();
      starts_.pop_back();
      shrink(1);
    }
    emit(i);
    shrink(t.arguments.size());
    grow(1);
  }

  void emit(const instruction& i) {
    if (code_.size() >= expression_program::max_instructions) refuse("steps", expression_program::max_instructions);
    code_.push_back(i);
  }
  void grow(std::size_t n) {
    depth_ += n;
    deepest_ = std::max(deepest_, depth_);
    if (depth_ > expression_program::max_stack) refuse("values at once", expression_program::max_stack);
  }
  void shrink(std::size_t n) { depth_ -= n; }
  std::uint32_t position() const { return static_cast<std::uint32_t>(code_.size()); }

  std::span<const term> terms_;
  std::vector<open_term> work_;
  std::vector<instruction> code_;
  std::vector<std::uint32_t> patches_;  // jumps of open conditionals whose target is ahead
  std::vector<std::uint32_t> starts_;   // first instructions of open redraws
  std::vector<spatial_function> functions_;
  std::size_t depth_ = 0, deepest_ = 0;
};

}  // namespace

expression_program::expression_program(std::span<const term> terms) {
  compiler c(terms);
  c.compile();
  code_ = c.take_code();
  functions_ = c.take_functions();
  depth_ = c.deepest();
}

}  // namespace volley::runtime
