// One call on its way to its answer: the request and what it is answered from. For a page's call
// it also holds the page and how the session is carried: in a cookie if the page is same-site with
// this proxy, else bound to a key that cannot leave the browser. Answer functions read the
// PageCall, never a header. Lives until its answer, on one thread.
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
  kOff,     // not at all: a page of another site that may not sign in
  kCookie,  // an HttpOnly cookie of this proxy's host
  kKey,     // `Authorization: DPoP <session>`, and a proof in `DPoP` (RFC 9449)
};

/// As `/v1/config` says it: "key".
[[nodiscard]] std::string_view name(Carry carry);

/// How `site`'s page carries its session: kCookie if is_same_site(); else kKey if `public_url` is
/// set and the site allows `cross_site`; else kOff.
[[nodiscard]] Carry carry_of(const Settings& settings, const Site& site, const Request& request);

struct PageCall {
  const Request& request;
  const AppContext& app;
  Fetch fetch = {};            // empty for routes that ask GitHub nothing
  std::int64_t now = 0;        // seconds since 1970
  const Site* site = nullptr;  // null where the route needs no page
  Carry carry = Carry::kOff;
  std::optional<std::string> session = {};  // sealed, as it came by `carry`
  bool has_two_cookies = false;  // our cookie came twice: it counts as absent and is expired
  std::string jkt = {};          // by key, after prove(): thumbprint of the key that was proven
  std::string nonce = {};        // by key: for the page's next proof

  /// What its session must be meant for. REQUIRES: site.
  [[nodiscard]] Audience audience() const;
};

/// Fills in what a call of `site`'s page carries: its session, from the bytes of its Cookie lines
/// or from Authorization. Errors: kInternal when it carries by key and no nonce can be made.
[[nodiscard]] Result<Done> read_page(const Site& site, PageCall& call);

/// Whether the call needs a proof: a key carries its session, and its route asks for one
/// (Proof::kOfASession: only if Authorization came).
[[nodiscard]] bool needs_proof(const PageCall& call);

/// Verifies the proof and keeps its key's thumbprint in the call. A sign-in's proof has no `ath`. A
/// session sent with a sign-in only shows that the visitor was here before. One that was made for
/// the session call of another proxy than public_url is kProxy, and logged with both.
[[nodiscard]] ProofFault prove(PageCall& call);

/// 401 `use_dpop_nonce` if only the nonce is wrong, 502 `proxy_misconfigured` with kProxy, else
/// 401 `no_session`.
[[nodiscard]] Answer refuse_proof(ProofFault fault);

/// With kKey: adds `nonce` to a JSON body, and WWW-Authenticate to a 401 (RFC 9449 §7.1).
void add_nonce(const PageCall& call, Answer& answer);

}  // namespace portero
