// REST: who a token belongs to, and what an app may do with its tokens. The same at the root and
// under /api/v3, so that it can stand for github.com and for an Enterprise Server alike. What
// organisations, teams and repositories answer: memberships.cpp.
#include <algorithm>

#include "tests/github/rest.h"

namespace portero::stand_in {
namespace {

constexpr std::int64_t kHour = 3600;

Json or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

/// OpenAPI's public-user, or private-user when the token may read a profile.
Json full_user(const Person& who, const std::string& base, bool may_read_profile) {
  Json user = simple_user(who, base);
  user["user_view_type"] = may_read_profile ? "private" : "public";
  user["name"] = or_null(who.name);
  for (const char* absent : {"company", "location", "hireable", "bio", "twitter_username"}) {
    user[absent] = nullptr;
  }
  user["blog"] = "";
  user["email"] = who.email_public ? or_null(who.email) : Json(nullptr);
  user["notification_email"] = user["email"];
  for (const char* count : {"public_repos", "public_gists", "followers", "following"}) {
    user[count] = 0;
  }
  user["created_at"] = "2011-01-25T18:44:36Z";
  user["updated_at"] = "2026-08-03T09:00:00Z";
  if (!may_read_profile) return user;
  for (const char* count : {"private_gists", "total_private_repos", "owned_private_repos",
                            "disk_usage", "collaborators"}) {
    user[count] = 0;
  }
  user["two_factor_authentication"] = true;
  return user;
}

Json emails_of(const Person& who) {
  Json list = Json::array();
  if (who.email.empty()) return list;
  list.push_back({{"email", who.email},
                  {"primary", true},
                  {"verified", who.email_verified},
                  {"visibility", who.email_public ? "public" : "private"}});
  list.push_back({{"email", std::string(who.login) + "@users.noreply.example.org"},
                  {"primary", false},
                  {"verified", true},
                  {"visibility", nullptr}});
  return list;
}

std::string accepted_scopes(std::string_view path) {
  if (path == "/user") return "";
  if (path == "/user/emails") return "user, user:email";
  return path.starts_with("/repos/") ? "repo" : "admin:org, read:org, write:org";
}

}  // namespace

Fields GitHub::rate_headers(std::int64_t limit, std::int64_t used) const {
  const std::int64_t reset = (now() / kHour + 1) * kHour;
  return {{"X-RateLimit-Limit", std::to_string(limit)},
          {"X-RateLimit-Remaining", std::to_string(std::max<std::int64_t>(0, limit - used))},
          {"X-RateLimit-Used", std::to_string(std::min(limit, used))},
          {"X-RateLimit-Reset", std::to_string(reset)},
          {"X-RateLimit-Resource", "core"}};
}

Reply GitHub::api(const Call& call, std::string_view path) {
  if (header_of(call, "User-Agent").empty()) {
    return make_reply(403, "text/html; charset=utf-8",
                      "Request forbidden by administrative rules. Please make sure your request "
                      "has a User-Agent header.\r\n");
  }
  std::string version = header_of(call, "X-GitHub-Api-Version");
  if (version.empty()) version = "2022-11-28";
  if (version != "2022-11-28" && version != "2026-03-10") {
    return message(400, "The X-GitHub-Api-Version header names a version that is not supported.");
  }
  Reply reply = path.starts_with("/applications/") ? app_call(call, path) : user_call(call, path);
  reply.headers.emplace_back("X-GitHub-Api-Version-Selected", version);
  reply.headers.emplace_back("X-GitHub-Media-Type", "github.v3; format=json");
  reply.headers.emplace_back("X-GitHub-Request-Id", to_hex(entropy_(8)));
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

GitHub::Token* GitHub::live_token(std::string_view text) {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& one) {
    return one.text == text && (one.expires == 0 || one.expires > now());
  });
  return found == tokens_.end() ? nullptr : &*found;
}

Reply GitHub::user_call(const Call& call, std::string_view path) {
  const std::string header = header_of(call, "Authorization");
  if (header.empty()) return message(401, "Requires authentication");
  if (credentials_of(header, "Basic")) return public_call(call, path);
  auto credentials = credentials_of(header, "Bearer");
  if (!credentials) credentials = credentials_of(header, "token");
  Token* token = credentials ? live_token(*credentials) : nullptr;
  const Person* who = token == nullptr ? nullptr : person(token->user);
  if (who == nullptr) return message(401, "Bad credentials");
  token->used = now();

  auto& [hour, count] = calls_[token->user];
  if (hour != now() / kHour) count = 0;
  hour = now() / kHour;
  ++count;
  Reply reply =
      count > options_.rate_limit
          ? message(403, "API rate limit exceeded for user ID " + std::to_string(who->id) + ".")
          : persons_call(call, path, *who, *token);
  for (auto& field : rate_headers(options_.rate_limit, count)) reply.headers.push_back(field);
  reply.headers.emplace_back("X-OAuth-Scopes", join_scopes(token->scopes));
  reply.headers.emplace_back("X-Accepted-OAuth-Scopes", accepted_scopes(path));
  reply.headers.emplace_back("X-OAuth-Client-Id", token->client_id);
  reply.headers.emplace_back("Cache-Control", "private, max-age=60, s-maxage=60");
  return reply;
}

Reply GitHub::persons_call(const Call& call, std::string_view path, const Person& who,
                           const Token& token) const {
  const auto has = [&](const char* scope) { return token.scopes.contains(scope); };
  if (call.method != "GET") return message(404, "Not Found");
  if (path == "/user") {
    const bool reads_profile = has("user") || has("read:user");
    return json_reply(200, full_user(who, options_.base_url, reads_profile));
  }
  if (path != "/user/emails") return membership_call(path, who, token);
  // Without the scope 403 and 404 are documented, but not which of them when.
  if (!has("user") && !has("user:email")) return message(404, "Not Found");
  return json_reply(200, emails_of(who));
}

/// /applications/{client_id}/token and …/grant. The status for wrong credentials and for a token
/// nobody knows is not documented except for the check (404); the same is taken for all.
Reply GitHub::app_call(const Call& call, std::string_view path) {
  path.remove_prefix(std::string_view("/applications/").size());
  const std::size_t slash = path.find('/');
  const std::string_view verb =
      slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  const StandInClient* app = client(path.substr(0, slash));
  const auto basic = read_basic(header_of(call, "Authorization"));
  if (!basic) return message(401, "Requires authentication");
  const StandInClient* caller = client(basic->user);
  if (caller == nullptr || caller->client_secret != basic->password) {
    return message(401, "Bad credentials");
  }
  if (app != caller) return message(404, "Not Found");
  return app_token_call(call, *app, verb);
}

Reply GitHub::app_token_call(const Call& call, const StandInClient& app, std::string_view verb) {
  const bool grant = verb == "grant" && call.method == "DELETE";
  const bool known = verb == "token" &&
                     (call.method == "POST" || call.method == "PATCH" || call.method == "DELETE");
  if (!grant && !known) return message(404, "Not Found");
  const Fields body = read_json_fields(call.body).value_or(Fields());
  const std::string text = value_of(body, "access_token");
  if (text.empty()) return message(422, "Validation Failed");
  Token* token = live_token(text);
  if (token == nullptr || token->client_id != app.client_id) return message(404, "Not Found");

  if (call.method == "POST")
    return make_reply(200, "application/json; charset=utf-8", check_body(*token, app));
  if (call.method == "PATCH") {
    token->text = secret(app.github_app ? "ghu_" : "gho_", 36);
    token->created = now();
    return make_reply(200, "application/json; charset=utf-8", check_body(*token, app));
  }
  const std::int64_t user = token->user;
  const std::int64_t id = token->id;
  revoked_ += static_cast<int>(std::erase_if(tokens_, [&](const Token& one) {
    const bool of_grant = grant && one.user == user && one.client_id == app.client_id;
    return one.id == id || of_grant;
  }));
  if (grant) grants_.erase({user, app.client_id});
  return Reply{.status = 204};
}

std::string GitHub::check_body(const Token& token, const StandInClient& app) const {
  const Person* who = person(token.user);
  const Json scopes(std::vector<std::string>(token.scopes.begin(), token.scopes.end()));
  const std::string created = format_time(token.created, kIsoTime);
  return text_of(
      {{"id", token.id},
       {"url", options_.base_url + "/authorizations/" + std::to_string(token.id)},
       {"app",
        {{"name", app.name}, {"url", app.redirect_uris.front()}, {"client_id", app.client_id}}},
       {"token", token.text},
       {"hashed_token", to_hex(sha256(token.text))},
       {"token_last_eight", token.text.substr(token.text.size() - 8)},
       {"note", nullptr},
       {"note_url", nullptr},
       {"created_at", created},
       {"updated_at", created},
       {"scopes", scopes},
       {"fingerprint", nullptr},
       {"expires_at",
        token.expires == 0 ? Json(nullptr) : Json(format_time(token.expires, kIsoTime))},
       {"user", who == nullptr ? Json(nullptr) : simple_user(*who, options_.base_url)}});
}

}  // namespace portero::stand_in
