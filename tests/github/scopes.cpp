// See scopes.h.
#include "tests/github/scopes.h"

#include <algorithm>
#include <array>
#include <optional>

namespace portero::stand_in {
namespace {

constexpr std::array<std::string_view, 36> kKnown{"admin:enterprise",
                                                  "admin:gpg_key",
                                                  "admin:org",
                                                  "admin:org_hook",
                                                  "admin:public_key",
                                                  "admin:repo_hook",
                                                  "codespace",
                                                  "delete:packages",
                                                  "delete_repo",
                                                  "gist",
                                                  "notifications",
                                                  "project",
                                                  "public_repo",
                                                  "read:audit_log",
                                                  "read:enterprise",
                                                  "read:gpg_key",
                                                  "read:org",
                                                  "read:packages",
                                                  "read:project",
                                                  "read:public_key",
                                                  "read:repo_hook",
                                                  "read:user",
                                                  "repo",
                                                  "repo:invite",
                                                  "repo:status",
                                                  "repo_deployment",
                                                  "security_events",
                                                  "user",
                                                  "user:email",
                                                  "user:follow",
                                                  "workflow",
                                                  "write:gpg_key",
                                                  "write:org",
                                                  "write:packages",
                                                  "write:public_key",
                                                  "write:repo_hook"};

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(" ,"));
    if (!word.empty()) out.push_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

struct Loopback {
  std::string_view host;  // scheme included
  std::string_view rest;  // path and query
};

std::optional<Loopback> read_loopback(std::string_view uri) {
  constexpr std::array<std::string_view, 6> kHosts{"http://127.0.0.1", "http://[::1]",
                                                   "http://localhost", "https://127.0.0.1",
                                                   "https://[::1]",    "https://localhost"};
  for (const std::string_view host : kHosts) {
    if (!uri.starts_with(host)) continue;
    std::string_view rest = uri.substr(host.size());
    if (rest.starts_with(':')) {
      const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
      if (end < 2 || end > 6) return std::nullopt;
      rest.remove_prefix(end);
    }
    if (!rest.empty() && rest.front() != '/' && rest.front() != '?') return std::nullopt;
    return Loopback{.host = host, .rest = rest};
  }
  return std::nullopt;
}

}  // namespace

Scopes read_scopes(std::string_view text) {
  Scopes scopes;
  for (const std::string_view word : words(text)) {
    if (std::find(kKnown.begin(), kKnown.end(), word) != kKnown.end()) scopes.emplace(word);
  }
  if (scopes.contains("user")) {
    for (const char* held : {"read:user", "user:email", "user:follow"}) scopes.erase(held);
  }
  return scopes;
}

std::string join_scopes(const Scopes& scopes) {
  std::string out;
  for (const std::string& scope : scopes) out += (out.empty() ? "" : ",") + scope;
  return out;
}

bool asks_offline(std::string_view text) {
  const auto all = words(text);
  return std::find(all.begin(), all.end(), "offline_access") != all.end();
}

bool redirect_uri_allowed(std::string_view uri, const std::vector<std::string>& registered) {
  const auto asked = read_loopback(uri);
  return std::any_of(registered.begin(), registered.end(), [&](const std::string& known) {
    if (uri == known) return true;
    const auto mine = asked ? read_loopback(known) : std::nullopt;
    return mine && mine->host == asked->host && mine->rest == asked->rest;
  });
}

}  // namespace portero::stand_in
