// The browser's half: GET /login/oauth/authorize judges the request and shows the consent page,
// POST takes the decision. There is no GitHub session here, so the page always asks who one is, as
// GitHub does under prompt=select_account; a person who agreed before is asked again.
#include "tests/github/consent_page.h"
#include "tests/github/github.h"

namespace portero::stand_in {
namespace {

constexpr std::int64_t kAskedSeconds = 3600;  // how long a consent page may lie open
constexpr std::size_t kAskedMax = 1000;
constexpr std::string_view kTroubles =
    "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/"
    "troubleshooting-authorization-request-errors";

/// RFC 7636 §4.3; GitHub takes S256 alone, and neither parameter without the other.
bool challenge_is_sound(const Fields& query) {
  const std::string challenge = value_of(query, "code_challenge");
  const std::string method = value_of(query, "code_challenge_method");
  if (challenge.empty() && method.empty()) return true;
  constexpr std::string_view kBase64url =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return method == "S256" && challenge.size() == 43 &&
         challenge.find_first_not_of(kBase64url) == std::string::npos;
}

Reply redirect(std::string location) {
  Reply reply = make_reply(302, "text/html; charset=utf-8", "");
  reply.headers.emplace_back("Location", std::move(location));
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("Referrer-Policy", std::string(kReferrerPolicy));
  return reply;
}

}  // namespace

/// Back to the page. Whether GitHub sends `iss` with errors is not documented; RFC 9207 §2 does.
Reply GitHub::back(const Asked& asked, std::string_view to, Fields fields) const {
  if (asked.has_state) fields.emplace_back("state", asked.state);
  if (options_.send_issuer) fields.emplace_back("iss", options_.issuer);
  const char joint = to.find('?') == std::string_view::npos ? '?' : '&';
  return redirect(std::string(to) + joint + write_form(fields));
}

Reply GitHub::refuse(const Asked& asked, std::string_view to, std::string_view error,
                     std::string_view description) const {
  std::string anchor(error);
  for (char& c : anchor) c = c == '_' ? '-' : c;
  return back(asked, to,
              {{"error", std::string(error)},
               {"error_description", std::string(description)},
               {"error_uri", std::string(kTroubles) + "#" + anchor}});
}

Reply GitHub::authorize(const Call& call) {
  const Words& words = words_for(header_of(call, "Accept-Language"));
  const Fields query = read_form(call.query);
  const StandInClient* app = client(value_of(query, "client_id"));
  if (app == nullptr || app->redirect_uris.empty()) {
    return make_notice_page(404, words, words.unknown_client);
  }
  Asked asked;
  asked.client_id = app->client_id;
  asked.has_state = find(query, "state") != nullptr;
  asked.state = value_of(query, "state");
  asked.created = now();
  const std::string& registered = app->redirect_uris.front();
  if (app->suspended) {
    return refuse(asked, registered, "application_suspended",
                  "Your application has been suspended.");
  }
  asked.redirect_uri = value_of(query, "redirect_uri");
  if (asked.redirect_uri.empty()) asked.redirect_uri = registered;
  last_redirect_uri_ = asked.redirect_uri;
  if (!redirect_uri_allowed(asked.redirect_uri, app->redirect_uris)) {
    return refuse(asked, registered, "redirect_uri_mismatch",
                  "The redirect_uri MUST match the registered callback URL for this application.");
  }
  // That a challenge is refused is documented, the name of the error is not: RFC 7636 §4.4.1.
  if (!challenge_is_sound(query)) {
    return refuse(asked, asked.redirect_uri, "invalid_request",
                  "code_challenge must be 43 characters, with code_challenge_method=S256.");
  }
  asked.code_challenge = value_of(query, "code_challenge");
  const std::string scope = value_of(query, "scope");
  if (!app->github_app) asked.scopes = read_scopes(scope);
  asked.offline = asks_offline(scope);

  if (asked_in_order_.size() >= kAskedMax) {
    asked_.erase(asked_in_order_.front());
    asked_in_order_.pop_front();
  }
  const std::string request = secret("", 32);
  asked_in_order_.push_back(request);
  asked_[request] = asked;
  return make_consent_page({.request = request,
                            .app_name = app->name,
                            .redirect_uri = asked.redirect_uri,
                            .scopes = join_scopes(asked.scopes),
                            .login = value_of(query, "login")},
                           words);
}

Reply GitHub::decide(const Call& call) {
  const Words& words = words_for(header_of(call, "Accept-Language"));
  const Fields form = read_form(call.body);
  const auto found = asked_.find(value_of(form, "request"));
  if (found == asked_.end() || found->second.created + kAskedSeconds < now()) {
    return make_notice_page(422, words, words.too_late);
  }
  const Asked& asked = found->second;
  if (value_of(form, "decision") != "authorize") {
    return refuse(asked, asked.redirect_uri, "access_denied",
                  "The user has denied your application access.");
  }
  const Person* who = nullptr;
  for (const Person& one : everybody()) {
    if (value_of(form, "user") == std::to_string(one.id)) who = &one;
  }
  if (who == nullptr) return make_notice_page(422, words, words.nobody);
  return back(asked, asked.redirect_uri, {{"code", new_code(asked, who->id)}});
}

/// Asked for nothing, a returning person silently gets what he granted before (documented).
std::string GitHub::new_code(Asked asked, std::int64_t user) {
  Scopes& granted = grants_[{user, asked.client_id}];
  if (asked.scopes.empty()) asked.scopes = granted;
  granted.insert(asked.scopes.begin(), asked.scopes.end());
  std::string code = to_hex(entropy_(10));
  codes_[code] = {.asked = std::move(asked), .user = user, .created = now()};
  return code;
}

std::string GitHub::issue_code(std::string_view client_id, std::string_view login,
                               std::string_view redirect_uri, std::string_view code_challenge,
                               std::string_view scope) {
  const StandInClient* app = client(client_id);
  const Person* who = person(login);
  if (app == nullptr || who == nullptr) return "";
  Asked asked;
  asked.client_id = app->client_id;
  asked.redirect_uri = std::string(redirect_uri);
  asked.code_challenge = std::string(code_challenge);
  if (!app->github_app) asked.scopes = read_scopes(scope);
  asked.offline = asks_offline(scope);
  return new_code(std::move(asked), who->id);
}

}  // namespace portero::stand_in
