// See rest.h.
#include "tests/github/rest.h"

namespace portero::stand_in {

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply json_reply(int status, const Json& json) {
  return make_reply(status, "application/json; charset=utf-8", text_of(json));
}

Reply message(int status, std::string_view text) {
  return json_reply(status, {{"message", text},
                             {"documentation_url", "https://docs.github.com/rest"},
                             {"status", std::to_string(status)}});
}

Json simple_user(const Person& who, const std::string& base) {
  const std::string login(who.login);
  const std::string url = base + "/users/" + percent_encode(login);
  return {{"login", login},
          {"id", who.id},
          {"node_id", "U_" + base64url(std::to_string(who.id))},
          {"avatar_url", base + "/avatars/" + std::to_string(who.id) + ".svg"},
          {"gravatar_id", ""},
          {"url", url},
          {"html_url", base + "/" + percent_encode(login)},
          {"followers_url", url + "/followers"},
          {"following_url", url + "/following{/other_user}"},
          {"gists_url", url + "/gists{/gist_id}"},
          {"starred_url", url + "/starred{/owner}{/repo}"},
          {"subscriptions_url", url + "/subscriptions"},
          {"organizations_url", url + "/orgs"},
          {"repos_url", url + "/repos"},
          {"events_url", url + "/events{/privacy}"},
          {"received_events_url", url + "/received_events"},
          {"type", who.type},
          {"site_admin", false}};
}

}  // namespace portero::stand_in
