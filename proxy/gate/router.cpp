// The only source that includes cpp-httplib. See router.h.
#include "proxy/gate/router.h"

#include <httplib.h>

#include <array>
#include <utility>

#include "proxy/app/app.h"
#include "proxy/gate/httplib_adapter.h"

namespace portero {
namespace {

/// The name under which our cookie's value travels through the library.
constexpr std::string_view kCookiePrefix = "portero=";

/// What an answer may carry out of the library; the rest of what it adds stays inside.
constexpr std::array<std::string_view, 9> kPassed = {
    "Content-Type", "Set-Cookie", "Retry-After",      "Allow",     "Cache-Control",
    "Vary",         "ETag",       "WWW-Authenticate", "DPoP-Nonce"};

/// One request's way through the library: it gives its handlers no place for data of ours, but
/// runs them on the thread that called it.
struct Call {
  const Request& request;
  bool handled = false;
  bool failed = false;
  int status = 0;  // the library's own, where no handler ran
  Answer answer;
};
thread_local Call* current_call = nullptr;

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

void add_line(std::string& text, std::string_view name, const std::optional<std::string>& value) {
  if (value) add_line(text, name, std::string_view(*value));
}

std::string make_canonical(const Request& request) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.host.empty()) add_line(text, "Host", std::string_view(request.host));
  add_line(text, "Origin", request.origin);
  add_line(text, "Sec-Fetch-Site", request.sec_fetch_site);
  add_line(text, "X-Portero", request.x_portero);
  add_line(text, "Content-Type", request.content_type);
  add_line(text, "Authorization", request.authorization);
  add_line(text, "DPoP", request.dpop);
  if (request.session) {
    add_line(text, "Cookie", std::string_view(std::string(kCookiePrefix) + *request.session));
  }
  add_line(text, "Content-Length", std::string_view(std::to_string(request.body.size())));
  return text + "\r\n" + request.body;
}

std::optional<std::string> read_header(const httplib::Request& parsed, const char* name) {
  if (!parsed.has_header(name)) return std::nullopt;
  return parsed.get_header_value(name);
}

/// Our Request again, from what the library understood; `id`, `peer` and `client` never went
/// through it.
Request rebuild(const httplib::Request& parsed, const Request& original) {
  Request request;
  request.id = original.id;
  request.peer = original.peer;
  request.client = original.client;
  request.session_doubled = original.session_doubled;
  request.method = parsed.method;
  request.target = parsed.target;
  request.host = parsed.get_header_value("Host");
  request.origin = read_header(parsed, "Origin");
  request.sec_fetch_site = read_header(parsed, "Sec-Fetch-Site");
  request.x_portero = read_header(parsed, "X-Portero");
  request.content_type = read_header(parsed, "Content-Type");
  request.authorization = read_header(parsed, "Authorization");
  request.dpop = read_header(parsed, "DPoP");
  const std::optional<std::string> cookie = read_header(parsed, "Cookie");
  if (cookie && cookie->starts_with(kCookiePrefix)) {
    request.session = cookie->substr(kCookiePrefix.size());
  }
  request.body = parsed.body;
  return request;
}

/// What an answer may say: nothing interim, nowhere else to go.
bool is_final(int status) {
  return (status >= 200 && status < 300) || (status >= 400 && status < 600);
}

/// `/v1/session` -> a pattern that matches it and nothing else.
std::string make_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// The answer to what no handler took.
Response refuse(const Request& request, int library_status) {
  const std::string_view path = path_of(request.target);
  if (path.starts_with("/v1/") && path.size() != request.target.size()) {
    return make_problem(Error::kBadRequest);
  }
  const std::string allowed = allowed_methods(path);
  if (allowed.empty()) return make_problem(Error::kNotFound);
  if (library_status == 413) return make_problem(Error::kTooLarge);
  const bool is_multipart = request.content_type && request.content_type->starts_with("multipart/");
  if (is_multipart || library_status == 415) return make_problem(Error::kUnsupportedMediaType);
  if (library_status == 400 && lane_of(request.method, path) == Lane::kLogin) {
    return make_problem(Error::kBadRequest);
  }
  Response response = make_problem(Error::kMethodNotAllowed);
  response.headers.push_back({"Allow", allowed});
  return response;
}

}  // namespace

class Router::Server : public AdaptedServer<httplib::Server, httplib::Stream, httplib::Request> {
 public:
  explicit Server(Router::Handler answer) : answer_(std::move(answer)) {
    set_pre_routing_handler([](const httplib::Request& parsed, httplib::Response&) {
      // The library routes by a decoded path; what is not literally a path of ours ends here.
      return parsed.path == path_of(current_call->request.target) ? HandlerResponse::Unhandled
                                                                  : HandlerResponse::Handled;
    });
    set_post_routing_handler(
        [](const httplib::Request&, httplib::Response& rendered) { take(rendered); });
    set_exception_handler([](const httplib::Request&, httplib::Response&,
                             const std::exception_ptr&) { current_call->failed = true; });
    for (const Route& route : routes()) add(route);
  }

 private:
  void add(const Route& route) {
    const std::string pattern = make_pattern(route.path);
    const auto run = [this](const httplib::Request& parsed, httplib::Response& rendered) {
      give(answer_(rebuild(parsed, current_call->request)), rendered);
    };
    if (route.method == "GET") Get(pattern, run);
    if (route.method == "POST") Post(pattern, run);
    if (route.method == "DELETE") Delete(pattern, run);
  }

  static void give(Answer answer, httplib::Response& rendered) {
    if (!is_final(answer.response.status)) answer.response = make_problem(Error::kInternal);
    rendered.status = answer.response.status;
    rendered.body = std::move(answer.response.body);
    for (const Header& header : answer.response.headers) {
      rendered.set_header(header.name, header.value);
    }
    answer.response = {};
    current_call->answer = std::move(answer);
    current_call->handled = true;
  }

  static void take(const httplib::Response& rendered) {
    current_call->status = rendered.status;
    if (!current_call->handled) return;
    Response& response = current_call->answer.response;
    response.status = rendered.status;
    response.body = rendered.body;
    for (const std::string_view name : kPassed) {
      const auto [begin, end] = rendered.headers.equal_range(std::string(name));
      for (auto at = begin; at != end; ++at) response.headers.push_back({at->first, at->second});
    }
  }

  const Router::Handler answer_;
};

Router::Router(Handler handler) : server_(std::make_unique<Server>(std::move(handler))) {}
Router::~Router() = default;

Answer Router::route(const Request& request) const {
  Call call{.request = request, .answer = {}};
  const std::string canonical = make_canonical(request);
  MemoryStream<httplib::Stream, socket_t> stream(canonical);
  current_call = &call;
  server_->process(stream);
  current_call = nullptr;
  if (call.failed) {
    Answer failed = portero::refuse(Error::kInternal);
    failed.afterwards = std::move(call.answer.afterwards);
    return failed;
  }
  if (!call.handled) return {refuse(request, call.status)};
  return std::move(call.answer);
}

}  // namespace portero
