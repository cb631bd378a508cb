#include "proxy/check/page_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "proxy/base/url.h"
#include "proxy/check/document.h"
#include "proxy/check/upstream.h"
#include "proxy/check/visit.h"

namespace portero {
namespace {

constexpr std::string_view kUpload =
    "put portero's folder web and portero.wasm there, side by side, or correct the address";

struct Fault {
  std::string wrong;
  std::string fix;
};

/// "<!doctype html>": the host answers an unknown address with a page.
bool is_markup(std::string_view body) {
  const std::size_t begin = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return begin != std::string_view::npos && body[begin] == '<';
}

/// Must come once: of two, no two browsers and caches agree which counts.
Fault judge_cors(const std::vector<Header>& headers, std::string_view page_origin) {
  const std::vector<std::string> values = values_of(headers, "Access-Control-Allow-Origin");
  if (values.size() > 1) {
    return {"has Access-Control-Allow-Origin " + std::to_string(values.size()) + " times",
            "let its host send it once"};
  }
  if (values.size() == 1 && (values[0] == "*" || values[0] == page_origin)) return {};
  return {"has no Access-Control-Allow-Origin for " + std::string(page_origin),
          "let its host send `Access-Control-Allow-Origin: *`, or put the file beside the page"};
}

/// A module runs only as JavaScript. With nosniff, so does a classic script.
Fault judge_type(const std::vector<Header>& headers) {
  const std::vector<std::string> values = values_of(headers, "Content-Type");
  if (values.size() > 1) {
    return {"has Content-Type " + std::to_string(values.size()) + " times",
            "let the host send it once"};
  }
  if (values.size() == 1 && is_javascript_type(values[0])) return {};
  return {values.empty() ? "has no Content-Type" : "is sent as `" + quote(values[0]) + "`",
          "let the host send .js files as text/javascript, or browsers do not run them"};
}

Fault judge_status(const Visit& visit) {
  if (!visit.stop.empty()) return {visit.stop, std::string(kUpload)};
  if (visit.reply.status == kOk) return {};
  return {"answers " + std::to_string(visit.reply.status), std::string(kUpload)};
}

Fault judge_content(const Visit& visit, FileKind kind) {
  const std::string& body = visit.reply.body;
  if (is_gzip(body)) return {std::string(kGzipWrong), std::string(kGzipFix)};
  if (kind == FileKind::kWasm) {
    constexpr std::string_view kMagic("\0asm", 4);
    if (body.starts_with(kMagic)) return {};
    return {"is no WebAssembly", std::string(kUpload)};
  }
  if (is_markup(body)) {
    return {"answers with a page, as the host does for every unknown address",
            std::string(kUpload)};
  }
  Fault fault = judge_type(visit.reply.headers);
  if (!fault.wrong.empty()) return fault;
  if (kind == FileKind::kModule || is_portero_script(body)) return {};
  return {"is not portero's", "put portero's own portero.js there"};
}

Fault judge(const Visit& visit, std::string_view page_url, FileKind kind, bool by_cors) {
  Fault fault = judge_status(visit);
  if (fault.wrong.empty()) fault = judge_content(visit, kind);
  const std::string_view page_origin = origin_of(page_url);
  if (!fault.wrong.empty() || origin_of(visit.url) == page_origin) return fault;
  if (kind == FileKind::kPortero && !by_cors) return fault;
  return judge_cors(visit.reply.headers, page_origin);
}

}  // namespace

PageFile load_file(const CheckInput& input, const std::string& url, std::string_view page_url,
                   FileKind kind, bool by_cors) {
  PageFile file{.url = url};
  if (!may_lead(page_url, url)) {
    file.wrong = is_loopback_url(url) ? "only the visitor's own machine could answer"
                                      : "is plain http, which browsers block on an https page";
    file.fix = "write an address that visitors reach over https";
    return file;
  }
  std::vector<Header> headers = {{"Accept", "*/*"}, {"User-Agent", "portero check"}};
  const std::string page_origin(origin_of(page_url));
  if (origin_of(url) != page_origin) headers.push_back({"Origin", page_origin});
  Visit visited = visit(input, url, headers);
  file.url = visited.url;
  if (visited.silence) {
    const bool is_elsewhere = origin_of(visited.url) != page_origin;
    file.is_unreachable = is_elsewhere && *visited.silence == Error::kUpstreamUnreachable;
    const Problem silence = make_silence(visited.url, *visited.silence);
    file.wrong = silence.wrong;
    file.fix = silence.fix;
    return file;
  }
  Fault fault = judge(visited, page_url, kind, by_cors);
  file.is_missing = visited.reply.status == 404 || is_markup(visited.reply.body);
  file.wrong = std::move(fault.wrong);
  file.fix = std::move(fault.fix);
  file.body = std::move(visited.reply.body);
  return file;
}

}  // namespace portero
