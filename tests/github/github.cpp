// The route table, the faults and the controls for tests. See github.h.
#include "tests/github/github.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tests/github/connection_faults.h"
#include "tests/github/consent_page.h"
#include "tests/github/faults.h"

namespace portero::stand_in {
namespace {

constexpr std::string_view kAuthorize = "/login/oauth/authorize";
constexpr std::string_view kToken = "/login/oauth/access_token";
constexpr std::string_view kEnterprise = "/api/v3";
constexpr std::string_view kControls = "/_stand-in/";
constexpr std::string_view kAvatars = "/avatars/";
constexpr std::array<std::string_view, 7> kFaultyCalls{
    "token", "user", "emails", "revoke", "organization", "team", "repository"};
constexpr std::string_view kConnections = "/settings/connections/applications/";

const Words& words_of(const Call& call) { return words_for(header_of(call, "Accept-Language")); }

Reply not_found(const Call& call) {
  const Words& words = words_of(call);
  return make_notice_page(404, words, words.unknown_path);
}

Reply avatar(const Call& call, std::string_view path) {
  path.remove_prefix(kAvatars.size());
  for (const Person& one : everybody()) {
    if (path != std::to_string(one.id) + ".svg") continue;
    Reply reply = make_reply(200, "image/svg+xml; charset=utf-8", avatar_svg(one));
    reply.headers.emplace_back("Cache-Control", "public, max-age=300");
    reply.headers.emplace_back("Content-Security-Policy", "default-src 'none'");
    reply.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
    reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
    return reply;
  }
  return not_found(call);
}

/// The name an endpoint is counted by; "" for what is not counted.
std::string_view endpoint_of(std::string_view method, std::string_view path) {
  if (path == kAuthorize) return method == "GET" ? "authorize" : "consent";
  if (path == kToken) return "token";
  if (path == "/user") return "user";
  if (path == "/user/emails") return "emails";
  if (path.starts_with("/user/memberships/orgs/")) return "organization";
  if (path.starts_with("/orgs/")) return path.find("/teams/") == path.npos ? "profile" : "team";
  if (path.starts_with("/repos/")) return "repository";
  if (path.starts_with(kAvatars)) return "avatar";
  if (path == "/_stand-in/followed") return "followed";
  if (!path.starts_with("/applications/")) return "";
  if (path.ends_with("/grant")) return "revoke_grant";
  if (method == "POST") return "check";
  return method == "PATCH" ? "reset" : "revoke";
}

bool is_rest(std::string_view path) {
  return path == "/user" || path.starts_with("/user/") || path.starts_with("/orgs/") ||
         path.starts_with("/repos/") || path.starts_with("/applications/");
}

std::int64_t number_of(const Fields& fields, std::string_view name, std::int64_t otherwise) {
  const std::string text = value_of(fields, name);
  std::int64_t value = otherwise;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

template <typename Counts>
std::string counts_json(const Counts& counts) {
  std::string json;
  for (const auto& [name, count] : counts) {
    json.append(json.empty() ? "\"" : ",\"").append(name).append("\":");
    json.append(std::to_string(count));
  }
  return "{" + json + "}";
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string header_of(const Call& call, std::string_view name) {
  for (const auto& [key, value] : call.headers) {
    if (same_without_case(key, name)) return value;
  }
  return "";
}

Reply make_reply(int status, std::string content_type, std::string body) {
  return Reply{.status = status,
               .headers = {{"Content-Type", std::move(content_type)}},
               .body = std::move(body),
               .raw_fault = ""};
}

GitHub::GitHub(StandInOptions options, Clock clock, Entropy entropy)
    : options_(std::move(options)), clock_(std::move(clock)), entropy_(std::move(entropy)) {
  if (options_.issuer.empty()) options_.issuer = options_.base_url + "/login/oauth";
  if (!options_.client_id.empty()) {
    StandInClient first;
    first.client_id = options_.client_id;
    first.client_secret = options_.client_secret;
    first.redirect_uris = options_.redirect_uris;
    clients_.push_back(std::move(first));
  }
  clients_.insert(clients_.end(), options_.clients.begin(), options_.clients.end());
}

/// Octokit reads when a token expires off the Date of the answer.
Reply GitHub::answer(const Call& call) {
  Reply reply = answer_or_break(call);
  reply.headers.emplace_back("Date", format_time(now(), kHttpDate));
  return reply;
}

Reply GitHub::answer_or_break(const Call& call) {
  std::string_view path = call.path;
  if (path.starts_with(kEnterprise) && path.substr(kEnterprise.size()).starts_with('/')) {
    path.remove_prefix(kEnterprise.size());
  }
  const std::string_view endpoint = endpoint_of(call.method, path);
  if (endpoint.empty()) return route(call, path);
  ++hits_[std::string(endpoint)];
  const std::string fault = take_fault(endpoint);
  if (fault.empty()) return route(call, path);
  Reply honest = follows_honest_answer(fault) ? route(call, path) : Reply();
  if (!is_one_of(fault, raw_fault_names())) return make_fault(fault, std::move(honest));
  honest.raw_fault = fault;
  return honest;
}

Reply GitHub::route(const Call& call, std::string_view path) {
  if (path == kAuthorize && call.method == "GET") return authorize(call);
  if (path == kAuthorize && call.method == "POST") return decide(call);
  if (path == kToken && call.method == "POST") return token(call);
  if (is_rest(path)) return api(call, path);
  if (path.starts_with(kAvatars) && call.method == "GET") return avatar(call, path);
  const Person* who =
      call.method == "GET" && path.starts_with('/') ? person(path.substr(1)) : nullptr;
  if (who != nullptr) return make_profile_page(*who, words_of(call));
  if (path.starts_with(kConnections) && call.method == "GET") return connection(call, path);
  if (path.starts_with(kControls)) return control(call, path.substr(kControls.size()));
  return not_found(call);
}

/// Where people see what an app may do (the page of somebody who is signed in, so all alike here).
Reply GitHub::connection(const Call& call, std::string_view path) const {
  if (client(path.substr(kConnections.size())) == nullptr) return not_found(call);
  const Words& words = words_of(call);
  return make_notice_page(200, words, words.connection);
}

Reply GitHub::control(const Call& call, std::string_view path) {
  if (call.method == "GET" && path == "style.css") return make_stylesheet();
  if (call.method == "GET" && path == "state") return state_page();
  // A page elsewhere in the browser cannot send this type without a preflight, which is refused.
  const bool json = header_of(call, "Content-Type").starts_with("application/json");
  if (call.method != "POST" || !json) return not_found(call);
  const Fields body = read_json_fields(call.body).value_or(Fields());
  if (path == "clock") {
    advance(number_of(body, "advance_seconds", 0));
    return state_page();
  }
  if (path == "membership" && set_membership(value_of(body, "organization"), value_of(body, "team"),
                                             value_of(body, "login"), value_of(body, "state"))) {
    return state_page();
  }
  const auto times = static_cast<int>(number_of(body, "times", 1));
  if (path == "fault" && arm_fault(value_of(body, "at"), value_of(body, "fault"), times)) {
    return state_page();
  }
  return make_reply(422, "application/json", R"({"message":"No such control, place or fault."})");
}

Reply GitHub::state_page() const {
  Fields fields{{"last_redirect_uri", last_redirect_uri_}};
  Fields counts{{"live_tokens", std::to_string(live_tokens())},
                {"revoked_tokens", std::to_string(revoked_)}};
  std::string json = write_json(fields);
  json.pop_back();
  for (const auto& [name, count] : counts) {
    json.append(",\"").append(name).append("\":").append(count);
  }
  Reply reply = make_reply(
      200, "application/json",
      json + ",\"hits\":" + counts_json(hits_) + ",\"heard\":" + counts_json(heard_) + "}");
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

void GitHub::add_redirect_uri(std::string_view client_id, std::string redirect_uri) {
  const auto found = std::find_if(clients_.begin(), clients_.end(), [&](const StandInClient& one) {
    return one.client_id == client_id;
  });
  if (found != clients_.end()) found->redirect_uris.push_back(std::move(redirect_uri));
}

bool GitHub::arm_fault(std::string_view at, std::string_view fault, int times) {
  if (at == kGithubConnection || at == kApiConnection) {
    if (!is_one_of(fault, connection_faults())) return false;
    faults_[std::string(at)] = {.fault = std::string(fault), .times = times};
    return true;
  }
  if (!is_one_of(at, kFaultyCalls)) return false;
  if (!is_one_of(fault, http_faults()) && !is_one_of(fault, raw_fault_names())) return false;
  // The token comes, then nobody knows whose it is.
  if (fault == "two_phase") return arm_fault("user", "error_500", times);
  faults_[std::string(at)] = {.fault = std::string(fault), .times = times};
  return true;
}

std::string GitHub::armed_fault(std::string_view at) const {
  const auto armed = faults_.find(at);
  return armed == faults_.end() || armed->second.times < 1 ? "" : armed->second.fault;
}

std::string GitHub::take_fault(std::string_view at) {
  std::string fault = armed_fault(at);
  if (!fault.empty()) --faults_.find(at)->second.times;
  return fault;
}

int GitHub::hits(std::string_view endpoint) const {
  const auto found = hits_.find(endpoint);
  return found == hits_.end() ? 0 : found->second;
}

int GitHub::live_tokens() const {
  return static_cast<int>(std::count_if(tokens_.begin(), tokens_.end(), [&](const Token& one) {
    return one.expires == 0 || one.expires > now();
  }));
}

const StandInClient* GitHub::client(std::string_view client_id) const {
  for (const StandInClient& one : clients_) {
    if (one.client_id == client_id) return &one;
  }
  return nullptr;
}

std::string GitHub::secret(std::string_view prefix, std::size_t length) {
  return std::string(prefix) + alphanumeric(entropy_(length));
}

}  // namespace portero::stand_in

namespace portero {

std::vector<std::string_view> stand_in_faults() {
  const auto http = stand_in::http_faults();
  const auto raw = stand_in::raw_fault_names();
  std::vector<std::string_view> all(http.begin(), http.end());
  all.insert(all.end(), raw.begin(), raw.end());
  return all;
}

std::vector<std::string_view> stand_in_connection_faults() {
  const auto all = stand_in::connection_faults();
  return {all.begin(), all.end()};
}

}  // namespace portero
