#include "proxy/outcome.h"

#include <nlohmann/json.hpp>

#include "proxy/log.h"

namespace portero {
namespace {

using Json = nlohmann::json;

constexpr int kCreated = 201;
constexpr int kServerErrors = 500;

std::string subject_of(const Json& answer) {
  if (!answer.is_object() || !answer.contains("user") || !answer["user"].is_object()) return "";
  const Json& user = answer["user"];
  return user.contains("id") && user["id"].is_number_integer() ? user["id"].dump() : "";
}

std::string reason_of(const Json& answer) {
  const bool has_code = answer.is_object() && answer.contains("code");
  if (!has_code || !answer["code"].is_string()) return "";
  return answer["code"].get<std::string>();
}

}  // namespace

void log_login(const Request& request, const Response& response) {
  const Json answer = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  const std::string origin = request.origin.value_or("");
  if (response.status == kCreated) {
    log_event(Level::kInfo, "login_succeeded",
              {{"request", request.id},
               {"origin", origin},
               {"peer", request.peer},
               {"subject", subject_of(answer)}});
    return;
  }
  log_event(response.status >= kServerErrors ? Level::kWarning : Level::kInfo, "login_failed",
            {{"request", request.id},
             {"origin", origin},
             {"peer", request.peer},
             {"reason", reason_of(answer)}});
}

}  // namespace portero
