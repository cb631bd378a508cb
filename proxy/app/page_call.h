// One call on its way to its answer: the request, what it is answered from, and, for a call of a
// page, which page it is and how that page carries its session: in a cookie when it is same-site
// with this proxy, else sealed to a key that cannot leave its browser. Answer functions ask the
// PageCall and never look at a header themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/app/answer.h"
#include "proxy/app/context.h"
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

/// By cookie for a page of the proxy's own site; by key for any other that may sign in from
/// elsewhere, where `public_url` is set; else not at all.
[[nodiscard]] Carry carry_of(const Settings& settings, const Site& site, const Request& request);

struct PageCall {
  const Request& request;
  const AppContext& app;
  const Fetch& fetch;
  std::int64_t now = 0;        // seconds since 1970
  const Site* site = nullptr;  // null where the route needs no page
  Carry carry = Carry::kOff;
  std::optional<std::string> session = {};  // sealed, as it came by `carry`
  bool has_two_cookies = false;  // ours came twice: it counts as absent and is to be expired
  std::string jkt = {};          // by key, after prove(): thumbprint of the key that was proven
  std::string nonce = {};        // by key: what the page's next proof is to hold

  /// What its session must be meant for. REQUIRES: site.
  [[nodiscard]] Audience audience() const;
};

/// Fills in what a call of `site`'s page carries: its session, from the bytes of its Cookie lines
/// or from Authorization. Errors: kInternal when it carries by key and no nonce can be made.
[[nodiscard]] Result<Done> read_page(const Site& site, PageCall& call);

/// Whether a proof must come with it: by key, as the route says.
[[nodiscard]] bool needs_proof(const PageCall& call);

/// Verifies the proof and keeps its key's thumbprint in the call. That of a sign-in is for no
/// session, even if one comes along (which only tells that its visitor was here before).
[[nodiscard]] ProofFault prove(PageCall& call);

/// 401 `use_dpop_nonce` for a proof that is good but for its nonce, else `no_session`.
[[nodiscard]] Answer refuse_proof(ProofFault fault);

/// With kKey: adds `nonce` to a JSON body, and WWW-Authenticate to a 401 (RFC 9449 §7.1).
void add_nonce(const PageCall& call, Answer& answer);

}  // namespace portero
