#include "proxy/app/config.h"

#include <string>
#include <utility>

#include "wasm/protocol.h"

namespace portero {

Answer answer_config(const PageCall& call) {
  const Settings& settings = call.app.settings;
  JsonText body;
  body.add_number("v", kProtocolVersion);
  body.add_text("client_id", call.site->client_id);
  body.add_text("authorize_url", settings.github.url + std::string(kAuthorizePath));
  body.add_text("issuer", settings.github.issuer);
  body.add_text("redirect_uri", call.site->redirect_uri);
  body.add_text("scope", call.site->scope);
  body.add_text("carry", name(call.carry));
  if (settings.github.require_issuer) body.add_true("require_issuer");
  Answer answer = answer_json(200, std::move(body));
  // A nonce is for now, and asked for anew when it was refused.
  const bool is_kept = call.carry != Carry::kKey;
  answer.response.headers.push_back(
      {"Cache-Control", is_kept ? "private, max-age=300" : "no-store"});
  answer.response.headers.push_back({"Vary", "Origin"});
  return answer;
}

}  // namespace portero
