// Content-Security-Policy (CSP Level 3), as far as a sign-in depends on it: what one policy lets a
// page load, call and run. Pure. A page may have many policies; each must allow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// The policies of one header line, which is a list that commas separate (CSP 3 §2.2.2). None is
/// empty.
[[nodiscard]] std::vector<std::string> split_policies(std::string_view line);

/// Whether a page of `page_origin` may load from, or call, `url`. `directive` falls back to
/// default-src; without either everything is allowed. REQUIRES: both are as resolve_address()
/// gives them.
[[nodiscard]] bool allows_url(std::string_view policy, std::string_view directive,
                              std::string_view url, std::string_view page_origin);

/// Whether the page may compile WebAssembly: 'wasm-unsafe-eval' or 'unsafe-eval' in script-src.
[[nodiscard]] bool allows_wasm(std::string_view policy);

/// Whether <base href> may name `url`: base-uri, which falls back to nothing.
[[nodiscard]] bool allows_base(std::string_view policy, std::string_view url,
                               std::string_view page_origin);

/// A script as a policy sees it.
struct PolicyScript {
  std::string url;
  std::string nonce;
  std::string integrity;
  bool is_import = false;  // loaded by another script, which 'strict-dynamic' trusts
};

/// By script-src-elem, or script-src.
[[nodiscard]] bool allows_script(std::string_view policy, const PolicyScript& script,
                                 std::string_view page_origin);

/// Whether its `sandbox`, if it has one, lets scripts run and the page keep its origin. Does not
/// hold for a <meta>, where browsers ignore it.
[[nodiscard]] bool allows_scripts_and_origin(std::string_view policy);

}  // namespace portero
