// The proxy's half: POST /login/oauth/access_token. A failure answers 200, as GitHub's does; only
// an unknown client_id is a 404. The limit of 2,000 requests an hour and app is not played (what
// GitHub then answers is not documented); arm the fault rate_limited_429 for that.
#include <algorithm>

#include "tests/github/github.h"

namespace portero::stand_in {
namespace {

constexpr std::int64_t kCodeSeconds = 600;
constexpr std::int64_t kTokenSeconds = 28800;
constexpr std::int64_t kRefreshSeconds = 15897600;
constexpr std::size_t kLiveTokens = 10;  // per user, app and scopes

constexpr std::string_view kTokenTroubles =
    "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/"
    "troubleshooting-oauth-app-access-token-request-errors/#";

Fields failure(std::string_view error, std::string_view description) {
  std::string anchor(error);
  for (char& c : anchor) c = c == '_' ? '-' : c;
  return {{"error", std::string(error)},
          {"error_description", std::string(description)},
          {"error_uri", std::string(kTokenTroubles) + anchor}};
}

Fields bad_code() {
  return failure("bad_verification_code", "The code passed is incorrect or expired.");
}

Fields read_parameters(const Call& call) {
  Fields fields = read_form(call.query);
  const bool json = header_of(call, "Content-Type").find("json") != std::string::npos;
  Fields body = json ? read_json_fields(call.body).value_or(Fields()) : read_form(call.body);
  fields.insert(fields.end(), body.begin(), body.end());
  if (const auto basic = read_basic(header_of(call, "Authorization"))) {
    fields.emplace_back("client_id", basic->user);
    fields.emplace_back("client_secret", basic->password);
  }
  return fields;
}

Reply write_reply(const Call& call, int status, const Fields& fields) {
  const std::string accept = header_of(call, "Accept");
  if (accept.find("json") != std::string::npos) {
    return make_reply(status, "application/json; charset=utf-8", write_json(fields));
  }
  if (accept.find("xml") != std::string::npos) {
    return make_reply(status, "application/xml; charset=utf-8", write_xml(fields));
  }
  return make_reply(status, "application/x-www-form-urlencoded; charset=utf-8", write_form(fields));
}

}  // namespace

Reply GitHub::token(const Call& call) {
  const Fields asked = read_parameters(call);
  const StandInClient* app = client(value_of(asked, "client_id"));
  if (app == nullptr) return write_reply(call, 404, {{"error", "Not Found"}});
  Fields answer;
  const std::string grant_type = value_of(asked, "grant_type");
  if (value_of(asked, "client_secret") != app->client_secret) {
    answer = failure("incorrect_client_credentials",
                     "The client_id and/or client_secret passed are incorrect.");
  } else if (grant_type == "refresh_token") {
    answer = trade_refresh(asked, *app);
  } else if (grant_type.empty() || grant_type == "authorization_code") {
    answer = trade_code(asked, *app);
  } else {
    answer = failure("unsupported_grant_type", "The grant_type passed is not supported.");
  }
  Reply reply = write_reply(call, 200, answer);
  reply.headers.emplace_back("Cache-Control", "max-age=0, private, must-revalidate");
  return reply;
}

Fields GitHub::trade_code(const Fields& asked, const StandInClient& app) {
  std::erase_if(codes_,
                [&](const auto& one) { return one.second.created + kCodeSeconds <= now(); });
  const auto found = codes_.find(value_of(asked, "code"));
  if (found == codes_.end() || found->second.asked.client_id != app.client_id) return bad_code();
  const Code& code = found->second;
  // "Can be matched", says the documentation; whether a mismatch spends the code it does not say.
  const std::string* redirect_uri = find(asked, "redirect_uri");
  if (redirect_uri != nullptr && *redirect_uri != code.asked.redirect_uri) {
    return failure("redirect_uri_mismatch",
                   "The redirect_uri MUST match the registered callback URL for this application.");
  }
  // The error for a wrong or missing verifier is not documented, nor whether it spends the code;
  // a verifier without a challenge is ignored.
  const std::string& challenge = code.asked.code_challenge;
  if (!challenge.empty() && base64url(sha256(value_of(asked, "code_verifier"))) != challenge) {
    codes_.erase(found);
    return bad_code();
  }
  const Code spent = code;
  codes_.erase(found);
  const Person* who = person(spent.user);
  if (who != nullptr && !who->email_verified) {
    return failure("unverified_user_email", "The user must have a verified primary email.");
  }
  const bool expiring = app.expiring_tokens || spent.asked.offline;
  return describe_token(make_token(app, spent.user, spent.asked.scopes, expiring), app);
}

/// Using a refresh token kills it and the access token it came with.
Fields GitHub::trade_refresh(const Fields& asked, const StandInClient& app) {
  const std::string refresh = value_of(asked, "refresh_token");
  const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& one) {
    return !one.refresh.empty() && one.refresh == refresh && one.client_id == app.client_id &&
           one.refresh_expires > now();
  });
  if (found == tokens_.end()) {
    return failure("bad_refresh_token", "The refresh token passed is incorrect or expired.");
  }
  const Token old = *found;
  tokens_.erase(found);
  return describe_token(make_token(app, old.user, old.scopes, true), app);
}

GitHub::Token& GitHub::make_token(const StandInClient& app, std::int64_t user, Scopes scopes,
                                  bool expiring) {
  Token token;
  token.text = secret(app.github_app ? "ghu_" : "gho_", 36);
  token.client_id = app.client_id;
  token.user = user;
  token.scopes = std::move(scopes);
  token.id = next_id_++;
  token.created = now();
  if (expiring) {
    token.expires = now() + kTokenSeconds;
    token.refresh = secret("ghr_", 76);
    token.refresh_expires = now() + kRefreshSeconds;
  }
  evict(token);
  tokens_.push_back(std::move(token));
  return tokens_.back();
}

/// Before the eleventh: the oldest never used one older than a minute goes, else the least recently
/// used, else the oldest.
void GitHub::evict(const Token& like) {
  std::vector<const Token*> same;
  for (const Token& one : tokens_) {
    const bool alike =
        one.user == like.user && one.client_id == like.client_id && one.scopes == like.scopes;
    if (alike) same.push_back(&one);  // oldest first: tokens_ grows at its end
  }
  if (same.size() < kLiveTokens) return;
  const Token* gone = same.front();
  const auto idle = std::find_if(same.begin(), same.end(), [&](const Token* one) {
    return one->used == 0 && one->created + 60 < now();
  });
  if (idle != same.end()) {
    gone = *idle;
  } else {
    std::erase_if(same, [](const Token* one) { return one->used == 0; });
    const auto least = std::min_element(
        same.begin(), same.end(), [](const Token* a, const Token* b) { return a->used < b->used; });
    if (least != same.end()) gone = *least;
  }
  tokens_.erase(tokens_.begin() + (gone - tokens_.data()));
}

Fields GitHub::describe_token(const Token& token, const StandInClient& app) const {
  Fields fields{{"access_token", token.text},
                {"token_type", "bearer"},
                {"scope", app.github_app ? "" : join_scopes(token.scopes)}};
  if (!token.refresh.empty()) {
    fields.emplace_back("expires_in", std::to_string(token.expires - now()));
    fields.emplace_back("refresh_token", token.refresh);
    fields.emplace_back("refresh_token_expires_in", std::to_string(token.refresh_expires - now()));
  }
  return fields;
}

}  // namespace portero::stand_in
