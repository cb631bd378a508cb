// The way through a forward proxy (`github.proxy`): which calls take it, and what went wrong on it
// before GitHub could hear anything: its name for the log, and what to do. Pure; transfer.h speaks
// to the proxy.
#pragma once

#include <optional>
#include <string_view>

#include "proxy/settings/settings.h"
#include "wasm/error.h"

namespace portero {

/// Whether that address is called through `github.proxy`: https is, where it is set.
[[nodiscard]] bool is_proxied(const GithubSettings& github, std::string_view url);

/// What was seen of one call through the proxy that failed.
struct ProxiedCall {
  Error error = Error::kUpstreamUnreachable;  // what it is without the proxy
  int connect_status = 0;                     // the proxy's answer to CONNECT; 0: none
  bool was_sent = false;                      // the request went into the tunnel
  bool has_credentials = false;
};

struct ProxyFault {
  std::string_view name;  // "proxy_unauthorized"
  std::string_view fix;
};

/// nullopt: the tunnel stood, so the fault is not the proxy's.
[[nodiscard]] std::optional<ProxyFault> find_proxy_fault(const ProxiedCall& call);

}  // namespace portero
