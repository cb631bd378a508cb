#include "proxy/github/forward_proxy.h"

namespace portero {
namespace {

constexpr int kUnauthorized = 407;
constexpr int kUnauthorizedToo = 401;  // tinyproxy, for a wrong password

ProxyFault judge_status(const ProxiedCall& call) {
  const bool is_unauthorized =
      call.connect_status == kUnauthorized || call.connect_status == kUnauthorizedToo;
  if (is_unauthorized && !call.has_credentials) {
    return {"proxy_unauthorized", "the proxy wants a user: set github.proxy_credentials_file"};
  }
  if (is_unauthorized) {
    return {"proxy_unauthorized",
            "the proxy refuses the user and password of github.proxy_credentials_file, or wants "
            "another scheme than Basic"};
  }
  if (call.connect_status >= 500) {
    return {"proxy_gateway", "the proxy does not reach GitHub: see its log"};
  }
  return {"proxy_refused",
          "let the proxy connect (CONNECT) to the hosts and ports of github.url and "
          "github.api_url"};
}

}  // namespace

bool is_proxied(const GithubSettings& github, std::string_view url) {
  return !github.proxy.empty() && url.starts_with("https:");
}

std::optional<ProxyFault> find_proxy_fault(const ProxiedCall& call) {
  const bool is_open = call.connect_status >= 200 && call.connect_status < 300;
  if (call.was_sent || is_open) return std::nullopt;
  if (call.connect_status != 0) return judge_status(call);
  switch (call.error) {
    case Error::kUpstreamUnreachable:
      return ProxyFault{"proxy_unreachable",
                        "check the host and port of github.proxy, and whether it runs"};
    case Error::kUpstreamTimeout:
      return ProxyFault{"proxy_timeout",
                        "check the host and port of github.proxy, the firewall, and its log"};
    case Error::kUpstreamTls:
      return ProxyFault{"proxy_tls",
                        "github.proxy is https: its certificate must name its host and be of an "
                        "authority of this system, or of github.ca_file; or write http://"};
    default:
      return ProxyFault{"proxy_invalid",
                        "check what listens at github.proxy: an HTTP proxy, with http:// or "
                        "https:// as it speaks it"};
  }
}

}  // namespace portero
