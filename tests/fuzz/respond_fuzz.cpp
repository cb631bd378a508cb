// Bytes to bytes: reader, router with cpp-httplib, respond(), writer; GitHub as two lines say.
#include "proxy/gate/cors.h"
#include "proxy/gate/local_answers.h"
#include "proxy/gate/response_writer.h"
#include "proxy/gate/router.h"
#include "tests/fuzz/answer.h"
#include "tests/fuzz/visit.h"

namespace portero::respond_fuzz {

const Settings& kSettings = visit_world().settings();
const Router kRouter(routes());
const GateConfig kConfig{.origins = {std::string(kPage)}};

/// As a worker does: cpp-httplib has to name the route that the table names.
Response answer(const Request& request, Visit& visit) {
  const bool is_routed =
      request.route->lane == Lane::kLoop || kRouter.find(request) == request.route;
  check(is_routed, "both find one route");
  visit.answer = answer_at_once(request, visit.app(), visit.github(), kNow);
  return visit.answer.response;
}

FUZZ_TARGET(respond)(const std::uint8_t* data, std::size_t size) {
  const std::string input = visit_world().fill(text_of(data, size));
  std::string_view rest = input;
  Visit visit(rest);
  const std::optional<ReadRequest> read = read_at_gate(rest);
  if (!read) return 0;
  const Request& request = read->request;
  const auto local = answer_locally(kConfig, *read);
  const Response response = local ? *local : answer(request, visit);
  const auto cors = make_cors_headers(kConfig.origins, request.target, request.origin_index);
  const bool is_head = request.method == "HEAD";
  const std::string sent =
      write_response(response, {.target = request.target, .is_head = is_head, .cors = cors}).bytes;
  validate_answer(read_answer(sent, is_head), request, kSettings.sites[0]);
  visit.judge(sent, response.status);
  return 0;
}

}  // namespace portero::respond_fuzz
