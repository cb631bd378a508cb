// The hash by which a page or a policy names a script (W3C Subresource Integrity). Pure.
#pragma once

#include <string>
#include <string_view>

#include "wasm/result.h"

namespace portero {

/// "sha384-…": base64 with padding. `bits`: 256, 384 or 512. Errors: kBadRequest for others,
/// kInternal when the library fails.
[[nodiscard]] Result<std::string> integrity_of(std::string_view text, int bits);

}  // namespace portero
