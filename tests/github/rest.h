// What REST answers are made of: JSON as GitHub writes it, its refusals, and people as it describes
// them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/github/github.h"
#include "tests/github/people.h"

namespace portero::stand_in {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string text_of(const Json& json);
[[nodiscard]] Reply json_reply(int status, const Json& json);

/// OpenAPI's basic-error.
[[nodiscard]] Reply message(int status, std::string_view text);

/// OpenAPI's simple-user.
[[nodiscard]] Json simple_user(const Person& who, const std::string& base);

}  // namespace portero::stand_in
