// GitHub, as this machine reaches it.
#pragma once

#include <string>
#include <string_view>

#include "proxy/check/input.h"
#include "proxy/check/report.h"
#include "wasm/error.h"

namespace portero {

/// That `subject`, an address, gave no answer: why, and what to check.
[[nodiscard]] Problem make_silence(const std::string& subject, Error error);

/// Whether the URL's host has an address; reports a failure if not.
[[nodiscard]] bool check_name(std::string_view url, Report& report);

/// Checks GitHub's two addresses, its clock against ours, and each app's id and secret.
void check_github(const CheckInput& input, Report& report);

}  // namespace portero
