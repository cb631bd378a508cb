// A request of a configured page, and how that page carries its session: in a cookie
// when it is same-site with this proxy, else sealed to a key that cannot leave its browser. What
// follows (session_calls.h) asks the PageCall and never looks at a header itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/app/app.h"
#include "proxy/session/proof.h"
#include "proxy/session/session.h"

namespace portero {

enum class Carry {
  kOff,     // a page of another site, where that is turned off
  kCookie,  // HttpOnly, of this proxy's host
  kKey,     // `Authorization: DPoP <session>`, and a proof in `DPoP` (RFC 9449)
};

/// As `/v1/config` says it: "key".
[[nodiscard]] std::string_view name(Carry carry);

[[nodiscard]] Carry carry_of(const Settings& settings, const Site& site, const Request& request);

struct PageCall {
  const Request& request;
  const AppContext& app;
  const Site& site;
  std::int64_t now = 0;
  Carry carry = Carry::kOff;
  std::optional<std::string_view> session = {};  // sealed, as it came by `carry`
  std::string jkt = {};    // by key, after prove(): the thumbprint of the key that was proven
  std::string nonce = {};  // by key: what the page's next proof is to hold

  /// What its session must be meant for.
  [[nodiscard]] Audience audience() const;
};

/// The call of `site`'s page. Errors: kInternal when it carries by key and no nonce can be made.
[[nodiscard]] Result<PageCall> read_call(const Request& request, const AppContext& app, const Site& site,
                                         std::int64_t now);

/// Whether a proof must come with it: by key, whatever names a session and every sign-in.
[[nodiscard]] bool needs_proof(const PageCall& call);

/// Judges the proof and keeps its key's thumbprint in the call. That of a sign-in is for no
/// session, even if one comes along (which only tells that its visitor was here before).
[[nodiscard]] ProofFault prove(PageCall& call);

/// 401 `use_dpop_nonce` for a proof that is good but for its nonce, else `no_session`.
[[nodiscard]] Answer refuse_proof(ProofFault fault);

/// By key, into every JSON answer: the nonce; into a 401: its challenge (RFC 9449 §7.1).
void add_nonce(const PageCall& call, Response& response);

}  // namespace portero
