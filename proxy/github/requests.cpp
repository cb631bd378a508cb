#include "proxy/github/requests.h"

#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "proxy/base/json.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::string_view kUserAgent = "portero";
constexpr std::string_view kApiVersion = "2022-11-28";

std::string make_form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += std::string(name) + "=" + percent_encode(value);
  }
  return form;
}

std::string base64(std::string_view text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');  // and the library's final NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     bytes_of(text).data(), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return encoded;
}

std::vector<Header> api_headers(std::string authorization) {
  return {{"Accept", "application/vnd.github+json"},
          {"Authorization", std::move(authorization)},
          {"User-Agent", std::string(kUserAgent)},
          {"X-GitHub-Api-Version", std::string(kApiVersion)}};
}

/// What is asked with a visitor's token.
UpstreamRequest make_question(const GithubSettings& github, std::string_view path,
                              const Secret& token, GithubCall call) {
  return {.method = "GET",
          .url = github.api_url + std::string(path),
          .headers = api_headers("Bearer " + std::string(token.reveal())),
          .body = {},
          .call = call};
}

std::string make_basic(const Site& site) {
  return "Basic " + base64(site.client_id + ":" + std::string(site.client_secret.reveal()));
}

/// Both percent-encoded; `inside` is empty of an organization.
struct RuleName {
  std::string owner;
  std::string inside;
};

RuleName split_name(const Rule& rule) {
  const std::string_view name = rule.name;
  const std::size_t slash = std::min(name.find('/'), name.size());
  return {percent_encode(name.substr(0, slash)),
          percent_encode(name.substr(std::min(slash + 1, name.size())))};
}

std::string repository_path(const RuleName& named) {
  return "/repos/" + named.owner + "/" + named.inside;
}

}  // namespace

UpstreamRequest make_token_request(const GithubSettings& github, const Site& site,
                                   const ExchangeRequest& exchange) {
  return {.method = "POST",
          .url = github.url + std::string(kTokenPath),
          .headers = {{"Accept", "application/json"},
                      {"Content-Type", "application/x-www-form-urlencoded"},
                      {"User-Agent", std::string(kUserAgent)}},
          .body = make_form({{"client_id", site.client_id},
                             {"client_secret", site.client_secret.reveal()},
                             {"code", exchange.code},
                             {"redirect_uri", site.redirect_uri},
                             {"code_verifier", exchange.code_verifier}})};
}

UpstreamRequest make_user_request(const GithubSettings& github, const Secret& token) {
  return make_question(github, kUserPath, token, GithubCall::kUser);
}

UpstreamRequest make_emails_request(const GithubSettings& github, const Secret& token) {
  return make_question(github, kEmailsPath, token, GithubCall::kEmails);
}

UpstreamRequest make_rule_request(const GithubSettings& github, const Rule& rule,
                                  std::string_view login, const Secret& token) {
  const RuleName named = split_name(rule);
  switch (rule.kind) {
    case RuleKind::kOrganization:
      return make_question(github, "/user/memberships/orgs/" + named.owner, token,
                           GithubCall::kOrganization);
    case RuleKind::kTeam:
      return make_question(github,
                           "/orgs/" + named.owner + "/teams/" + named.inside + "/memberships/" +
                               percent_encode(login),
                           token, GithubCall::kTeam);
    default:
      return make_question(github, repository_path(named), token, GithubCall::kRepository);
  }
}

UpstreamRequest make_public_request(const GithubSettings& github, const Site& site,
                                    const Rule& rule) {
  const RuleName named = split_name(rule);
  const bool is_push = rule.kind == RuleKind::kPush;
  return {.method = "GET",
          .url = github.api_url + (is_push ? repository_path(named) : "/orgs/" + named.owner),
          .headers = api_headers(make_basic(site)),
          .body = {},
          .call = is_push ? GithubCall::kRepository : GithubCall::kOrganization};
}

UpstreamRequest make_revoke_request(const GithubSettings& github, const Site& site,
                                    const Secret& token) {
  UpstreamRequest request{
      .method = "DELETE",
      .url = github.api_url + "/applications/" + percent_encode(site.client_id) + "/token",
      .headers = api_headers(make_basic(site)),
      .body = write_json({{"access_token", token.reveal()}}),
      .call = GithubCall::kRevoke};
  request.headers.push_back({"Content-Type", "application/json"});
  return request;
}

UpstreamRequest make_probe_request(const GithubSettings& github, const Site& site) {
  return make_token_request(
      github, site,
      {.code = "portero-check-0000000000", .code_verifier = std::string(kVerifierMin, 'a')});
}

}  // namespace portero
