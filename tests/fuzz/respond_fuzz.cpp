// Bytes to bytes: reader, router with cpp-httplib, respond(), writer; GitHub as two lines say.
#include "proxy/gate/cors.h"
#include "proxy/gate/local_answers.h"
#include "proxy/gate/response_writer.h"
#include "proxy/gate/router.h"
#include "tests/fuzz/answer.h"
#include "tests/fuzz/visit.h"

namespace portero {
namespace {

const Settings& kSettings = visit_world().settings();
Visit* visit = nullptr;  // what the router's handler answers
const Router kRouter([](const Request& seen) {
  check(is_same(seen, visit->request), "cpp-httplib reads what the reader read");
  return visit->answer = respond(seen, visit->app(), visit->github(), kNow);
});

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input = visit_world().fill(text_of(data, size));
  std::string_view rest = input;
  Visit now(rest);
  visit = &now;
  RequestReader reader(kSettings.limits);
  reader.feed(rest);
  if (reader.state() != RequestReader::State::kComplete) return 0;
  const ReadRequest read = reader.take();
  now.begin(read);
  const auto memory = answer_locally(visit_world().snapshot, read);
  const Response response = memory ? *memory : kRouter.route(now.request).response;
  const WriteOptions options{.target = read.request.target,
                             .is_head = read.request.method == "HEAD",
                             .cors = make_cors_headers(kSettings, read.request)};
  const std::string sent = write_response(response, options).bytes;
  validate_answer(read_answer(sent, options.is_head), read.request, kSettings.sites[0]);
  now.judge(sent, response.status);
  return 0;
}

}  // namespace portero
