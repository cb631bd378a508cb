// Result<T>: a value or one named Error; Result<T, E>: a value or another kind of error. The subset
// of std::expected this project needs, so that it can be retired with the compilers that lack it.
// Refuses to throw: reading the side that is not there is a programming error and stops the
// program.
#pragma once

#include <cstdlib>
#include <optional>
#include <utility>

#include "wasm/error.h"

namespace portero {

/// The value of a Result that says only "it worked".
struct Done {};

template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(const T& value) : value_(value) {}
  Result(T&& value) : value_(std::move(value)) {}
  Result(E error) : error_(std::move(error)) {}

  explicit operator bool() const { return value_.has_value(); }

  /// REQUIRES: the Result holds a value.
  T& operator*() & { return *value(); }
  const T& operator*() const& { return *value(); }
  T&& operator*() && { return std::move(*value()); }
  T* operator->() { return value(); }
  const T* operator->() const { return value(); }

  /// REQUIRES: the Result holds an error.
  [[nodiscard]] const E& error() const {
    if (value_) std::abort();
    return error_;
  }

 private:
  T* value() {
    if (!value_) std::abort();
    return &*value_;
  }
  const T* value() const {
    if (!value_) std::abort();
    return &*value_;
  }

  std::optional<T> value_;
  E error_{};
};

}  // namespace portero
