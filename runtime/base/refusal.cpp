#include "runtime/base/refusal.hpp"

#include <new>
#include <stdexcept>

namespace volley::runtime {

refusal refusal_of(std::exception_ptr reason) {
  try {
    std::rethrow_exception(reason);
  } catch (const api_error& e) {
    return {e.kind(), e.what(), false};
  } catch (const std::bad_alloc& e) {
    return {error_kind::MemoryError, e.what(), true};
  } catch (const std::length_error& e) {  // a vector beyond all memory
    return {error_kind::MemoryError, e.what(), true};
  } catch (const std::exception& e) {
    return {error_kind::InternalError, e.what(), false};
  } catch (...) {
    return {error_kind::InternalError, "an exception of unknown type", false};
  }
}

std::exception_ptr error_of(const refusal& reason) {
  return std::make_exception_ptr(api_error(reason.kind, reason.message));
}

}  // namespace volley::runtime
