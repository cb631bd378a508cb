// The claims of a session, read in one walk over their text: at every request, so without a tree.
#pragma once

#include <string_view>

#include "proxy/session/session.h"
#include "wasm/result.h"

namespace portero {

/// The session that `text` holds, as seal_session() writes it. What it does not know it leaves out.
/// Refused: what no reader of JSON may take (base/json.h), a key that comes twice in one object,
/// nesting deeper than the user's, a claim that is missing or of another type, a `sub` that is not
/// the user's id, a `cnf` that we never write. Errors: kNoSession.
[[nodiscard]] Result<Session> read_claims(std::string_view text);

}  // namespace portero
