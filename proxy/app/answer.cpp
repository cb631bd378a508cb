#include "proxy/app/answer.h"

#include <utility>

#include "proxy/base/problem_json.h"

namespace portero {

Answer answer_json(int status, JsonText json) {
  Answer answer{.response = {.status = status}, .json = std::move(json)};
  answer.response.headers.push_back({"Content-Type", "application/json"});
  return answer;
}

Answer refuse(Error error, int retry_after) {
  return {.response = {.status = http_status(error), .headers = make_problem_headers(retry_after)},
          .json = make_problem_json(error, retry_after),
          .outcome = {.refused = error}};
}

void write_body(Answer& answer) {
  if (!answer.json.is_empty()) answer.response.body = std::exchange(answer.json, {}).text();
}

}  // namespace portero
