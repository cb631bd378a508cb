// Result<T>: a value or one named Error. The subset of std::expected this project needs, so that it
// can be retired with the compilers that lack it. Refuses to throw: reading the side that is not
// there is a programming error and stops the program.
#pragma once

#include <cstdlib>
#include <utility>
#include <variant>

#include "wasm/error.h"

namespace portero {

/// The value of a Result that says only "it worked".
struct Done {};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : either_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : either_(std::in_place_index<1>, error) {}

  explicit operator bool() const { return either_.index() == 0; }

  /// REQUIRES: the Result holds a value.
  T& operator*() & { return *value(); }
  const T& operator*() const& { return *value(); }
  T&& operator*() && { return std::move(*value()); }
  T* operator->() { return value(); }
  const T* operator->() const { return value(); }

  /// REQUIRES: the Result holds an error.
  [[nodiscard]] Error error() const {
    const Error* error = std::get_if<1>(&either_);
    if (error == nullptr) std::abort();
    return *error;
  }

 private:
  T* value() {
    T* value = std::get_if<0>(&either_);
    if (value == nullptr) std::abort();
    return value;
  }
  const T* value() const {
    const T* value = std::get_if<0>(&either_);
    if (value == nullptr) std::abort();
    return value;
  }

  std::variant<T, Error> either_;
};

}  // namespace portero
