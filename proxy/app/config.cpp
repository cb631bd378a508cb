#include "proxy/app/config.h"

#include <string>
#include <utility>

#include "wasm/protocol.h"

namespace portero {

Answer answer_config(const PageCall& call) {
  const Settings& settings = call.app.settings;
  Json body = {{"v", kProtocolVersion},
               {"client_id", call.site->client_id},
               {"authorize_url", settings.github.url + std::string(kAuthorizePath)},
               {"issuer", settings.github.issuer},
               {"redirect_uri", call.site->redirect_uri},
               {"scope", call.site->scope},
               {"carry", name(call.carry)}};
  if (settings.github.require_issuer) body["require_issuer"] = true;
  Answer answer = answer_json(200, std::move(body));
  // A nonce is for now, and asked for anew when it was refused.
  const bool is_kept = call.carry != Carry::kKey;
  answer.response.headers.push_back(
      {"Cache-Control", is_kept ? "private, max-age=300" : "no-store"});
  answer.response.headers.push_back({"Vary", "Origin"});
  return answer;
}

}  // namespace portero
