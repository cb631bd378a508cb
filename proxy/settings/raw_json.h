// JSON of a settings file as RawValues: what a value was, and its text.
#pragma once

#include "proxy/base/json.h"
#include "proxy/settings/raw_value.h"

namespace portero {

/// Lists: of texts without separators only, so that each stays one entry, or of whole numbers only.
/// Anything that no setting can be is kOther, without text.
[[nodiscard]] RawValue make_raw(const Json& json);

}  // namespace portero
