// A proxy with one page, as the targets of the middle see it. Its secret and its keys are made anew
// in every process: text that nobody can have searched for.
#pragma once

#include "proxy/session/cookies.h"
#include "proxy/session/session.h"
#include "proxy/settings/settings.h"
#include "proxy/telemetry/log.h"
#include "tests/fuzz/fuzz.h"

namespace portero {

inline constexpr std::string_view kPage = "https://page.example";
inline constexpr std::int64_t kNow = 1767225600;  // 2026-01-01T00:00:00Z
inline constexpr Audience kHere{.iss = "https://github.com/login/oauth", .aud = kPage};

inline Settings make_page_settings() {
  Settings settings;
  Site& site = settings.sites.emplace_back();
  site.origin = kPage;
  site.redirect_uri = "https://page.example/app/";
  site.client_id = "id";
  site.client_secret = Secret(make_unknown_text());
  site.cookie_name = make_cookie_name(kPage, false);
  settings.public_url = "https://login.example";
  settings.log.level = "error";  // a fuzzer is refused a million times
  start_log(settings.log);
  return settings;
}

inline KeyRing make_ring() {
  SealingKey key;
  key.kid = "k1";
  check(RAND_bytes(key.k.data(), static_cast<int>(key.k.size())) == 1, "there is entropy");
  return {{key}};
}

inline std::string seal_visitor(const SealingKey& key) {
  const Session session{.iss = std::string(kHere.iss),
                        .aud = std::string(kHere.aud),
                        .sid = "sid",
                        .auth_time = kNow - 100,
                        .iat = kNow - 100,
                        .exp = kNow + 100,
                        .user = {.id = 583231,
                                 .login = "octocat",
                                 .name = {},
                                 .avatar_url = {},
                                 .html_url = {},
                                 .email = {}}};
  return *seal_session(session, key);
}

}  // namespace portero
