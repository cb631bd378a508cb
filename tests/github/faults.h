// A broken GitHub, by name. These break what HTTP carries, or answer in HTTP what no
// one hoped for; the ones that break HTTP itself are played by raw_faults.cpp.
#pragma once

#include <span>
#include <string_view>

#include "tests/github/github.h"

namespace portero::stand_in {

[[nodiscard]] std::span<const std::string_view> http_faults();
[[nodiscard]] std::span<const std::string_view> raw_fault_names();

/// `honest` turned into what the fault says. REQUIRES: `fault` is one of http_faults().
[[nodiscard]] Reply make_fault(std::string_view fault, Reply honest);

/// True when the honest answer is to be worked out first (its effects happen: a token is made).
[[nodiscard]] bool follows_honest_answer(std::string_view fault);

}  // namespace portero::stand_in
