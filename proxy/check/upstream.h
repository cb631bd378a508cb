// GitHub, as this machine reaches it.
#pragma once

#include <string>
#include <string_view>

#include "proxy/base/json.h"
#include "proxy/check/input.h"
#include "proxy/check/report.h"
#include "wasm/error.h"

namespace portero {

/// That `subject`, an address, gave no answer: why, and what to check.
[[nodiscard]] Problem make_silence(const std::string& subject, Error error);

/// What a portero answered: a short JSON object. Errors: read_json()'s.
[[nodiscard]] Result<Json> read_answer(const UpstreamReply& reply);

/// The code of a refusal of a portero; empty: somebody else answered.
[[nodiscard]] std::string find_code(const UpstreamReply& reply);

/// Whether the URL's host has an address; reports a failure if not.
[[nodiscard]] bool check_name(std::string_view url, Report& report);

/// Checks GitHub's two addresses, its clock against ours, and each app's id and secret. False: its
/// REST API was not found.
bool check_github(const CheckInput& input, Report& report);

}  // namespace portero
