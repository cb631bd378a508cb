#include "proxy/settings/proxy_variables.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/settings/judge_url.h"

namespace portero {
namespace {

template <std::size_t Count>
std::string_view first_set(const Environment& environment,
                           const std::array<std::string_view, Count>& names) {
  const auto* at = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
    return !value_of(environment, name).empty();
  });
  return at == names.end() ? std::string_view() : *at;
}

/// "*", a host, or a domain: "example" and ".example" mean the hosts below it, too.
bool leaves_out(std::string_view list, std::string_view host) {
  for (std::string_view entry : split_list(list)) {
    if (entry == "*") return true;
    const std::string name = lower(entry.substr(entry.starts_with('.') ? 1 : 0));
    if (name == host || host.ends_with("." + name)) return true;
  }
  return false;
}

}  // namespace

std::optional<Problem> warn_of_proxy_variable(const Environment& environment,
                                              const GithubSettings& github) {
  const std::string_view name = first_set(environment, kProxyVariables);
  if (name.empty() || !github.proxy.empty()) return std::nullopt;
  const std::string_view none = value_of(environment, first_set(environment, kNoProxyVariables));
  if (leaves_out(none, host_of(github.url)) && leaves_out(none, host_of(github.api_url))) {
    return std::nullopt;
  }
  std::string_view value = value_of(environment, name);
  const bool has_user = value.find('@') != std::string_view::npos;
  while (value.ends_with('/')) value.remove_suffix(1);
  const std::string address = judge_url(value, {.forward_proxy = true}).right;
  std::string fix = "set `github.proxy`" + (address.empty() ? "" : " to " + address);
  if (has_user) fix += " and `github.proxy_credentials_file`";
  return Problem{std::string(name), "is set, but GitHub is called without a proxy",
                 fix + ", or unset it"};
}

}  // namespace portero
