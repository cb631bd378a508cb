#include "proxy/outcome.h"

#include "proxy/log.h"

namespace portero {

void log_login(const Request& request, const Answer& answer) {
  const std::string origin = request.origin.value_or("");
  if (!answer.refused) {
    log_event(Level::kInfo, "login_succeeded",
              {{"request", request.id},
               {"origin", origin},
               {"peer", request.peer},
               {"subject", std::to_string(answer.subject)}});
    return;
  }
  const bool our_side = http_status(*answer.refused) >= 500;
  log_event(our_side ? Level::kWarning : Level::kInfo, "login_failed",
            {{"request", request.id},
             {"origin", origin},
             {"peer", request.peer},
             {"reason", std::string(name(*answer.refused))}});
}

}  // namespace portero
