// A file as it is answered, made of its name and content.
#pragma once

#include <string>
#include <string_view>

#include "proxy/site/files.h"

namespace portero {

/// The file with its type, its tag and, for a page, its policy, which names the hashes of its
/// import maps. Without compressed forms. A name without an extension is
/// `application/octet-stream`.
[[nodiscard]] File make_file(std::string_view name, std::string body, std::string_view github_url);

}  // namespace portero
