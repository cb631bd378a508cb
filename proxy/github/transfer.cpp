#include "proxy/github/transfer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/github/forward_proxy.h"
#include "proxy/github/tls.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr std::size_t kHeadersMax = 64 * 1024;
constexpr long kUploadBuffer = 16 * 1024;  // the least libcurl takes; it has 64 kB a call
constexpr long kBuffer = 4 * 1024;         // an answer of GitHub's is smaller
constexpr const char* kSystemCertificates = "/etc/ssl/certs";

/// The body of a POST: handed out once.
std::size_t on_send(char* to, std::size_t size, std::size_t count, void* user) {
  auto& left = *static_cast<std::string_view*>(user);
  const std::size_t taken = std::min(left.size(), size * count);
  left.copy(to, taken);
  left.remove_prefix(taken);
  return taken;
}

int on_rewind(void* /*user*/, curl_off_t /*offset*/, int /*origin*/) { return CURL_SEEKFUNC_FAIL; }

CURLcode on_tls(CURL* /*easy*/, void* ssl_ctx, void* user) {
  auto& tls = *static_cast<TlsHosts*>(user);
  const std::string& host = tls.hosts[tls.begun++ % tls.hosts.size()];
  return set_strict_tls(ssl_ctx, host) ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

bool is_known_coding(std::string_view coding) {
  constexpr auto kKnown =
      std::to_array<std::string_view>({"gzip", "x-gzip", "deflate", "br", "zstd"});
  return std::find(kKnown.begin(), kKnown.end(), coding) != kKnown.end();
}

/// Whether Content-Encoding names nothing that browsers decode.
bool has_no_known_coding(const std::vector<Header>& headers) {
  return std::none_of(headers.begin(), headers.end(), [](const Header& header) {
    const std::string value = lower(header.value);
    const std::vector<std::string_view> codings = split_list(value);
    return equals_ignoring_case(header.name, "Content-Encoding") &&
           std::any_of(codings.begin(), codings.end(), is_known_coding);
  });
}

}  // namespace

Transfer::Transfer(const GithubSettings& settings, UpstreamRequest request)
    : easy_(libcurl().easy_init(), libcurl().easy_cleanup),
      settings_(settings),
      request_(std::move(request)),
      is_proxied_(is_proxied(settings, request_.url)),
      headers_(make_list(request_.headers)),
      sending_(request_.body),
      tls_{.hosts = {std::string(host_of(request_.url))}},
      reading_{.is_page = request_.is_page} {
  if (!is_whole()) return;
  set(CURLOPT_FOLLOWLOCATION, 0L);
  const bool may_be_http2 = settings.connections > 0;
  set(CURLOPT_HTTP_VERSION,
      static_cast<long>(may_be_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PROXY, "");  // not even the environment's
  set_tls();
  set_request();
  if (is_proxied_) set_proxy();
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, &reading_);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, &reading_);
}

bool Transfer::may_be_sent() const { return !is_post() || sending_.size() == request_.body.size(); }

bool Transfer::reads_plainly(CURLcode code) {
  const bool is_plain =
      code == CURLE_BAD_CONTENT_ENCODING && has_no_known_coding(reading_.reply.headers);
  if (!is_plain || !may_be_sent()) return false;
  reading_ = {.is_page = true};
  set(CURLOPT_ACCEPT_ENCODING, nullptr);
  return true;
}

Result<UpstreamReply> Transfer::finish(CURLcode code) {
  const bool is_cut = code == CURLE_WRITE_ERROR && reading_.reply.is_cut;
  if (code != CURLE_OK && !is_cut) return report(code);
  long status = 0;
  libcurl().easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  reading_.reply.status = static_cast<int>(status);
  return std::move(reading_.reply);
}

std::size_t Transfer::on_body(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  std::string& body = reading.reply.body;
  const std::size_t room = kUpstreamBodyMax - body.size();
  if (size * count > room) {
    reading.reply.is_cut = reading.is_page;
    if (reading.is_page) body.append(data, room);
    return 0;  // ends the transfer
  }
  body.append(data, size * count);
  return size * count;
}

std::size_t Transfer::on_header(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  const std::string_view line(data, size * count);
  reading.header_bytes += line.size();
  if (reading.header_bytes > kHeadersMax) return 0;
  if (line.starts_with("HTTP/")) reading.reply.headers.clear();
  reading.has_head = reading.has_head || line == "\r\n";
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && reading.reply.body.empty()) {  // else of a trailer
    const std::string_view value = line.substr(colon + 1, line.find_last_not_of("\r\n") - colon);
    reading.reply.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(strip(value))});
  }
  return line.size();
}

Transfer::List Transfer::make_list(const std::vector<Header>& headers) {
  List list(libcurl().slist_append(nullptr, "Expect:"),
            libcurl().slist_free_all);  // never 100-continue
  for (const Header& header : headers) {
    const std::string line = header.name + ": " + header.value;
    curl_slist* longer = libcurl().slist_append(list.get(), line.c_str());
    if (longer == nullptr) return {nullptr, libcurl().slist_free_all};
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

/// The bundle costs 45 ms and 1 MB a handle; the hashed directory is read as needed.
void Transfer::set_tls() {
  const bool own = !settings_.ca_file.empty();
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CAINFO, own ? settings_.ca_file.c_str() : nullptr);
  set(CURLOPT_CAPATH, own ? nullptr : kSystemCertificates);
  set(CURLOPT_SSL_CTX_FUNCTION, &on_tls);
  set(CURLOPT_SSL_CTX_DATA, &tls_);
}

void Transfer::set_request() {
  set(CURLOPT_URL, request_.url.c_str());
  const bool loopback = is_loopback_url(request_.url);
  set(CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
  if (request_.is_page) set(CURLOPT_ACCEPT_ENCODING, "");  // all it decodes
  if (!request_.is_page) set(CURLOPT_BUFFERSIZE, kBuffer);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
  if (request_.method == "GET") {
    set(CURLOPT_HTTPGET, 1L);
    return;
  }
  const bool has_size = find_header(request_.headers, "Transfer-Encoding") == nullptr;
  const auto size = has_size ? static_cast<curl_off_t>(request_.body.size()) : -1;
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, size);
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.method != "POST") {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    return;
  }
  set(CURLOPT_READFUNCTION, &on_send);
  set(CURLOPT_READDATA, &sending_);
  set(CURLOPT_SEEKFUNCTION, &on_rewind);
}

/// Through the forward proxy, by CONNECT: what is said to GitHub stays between it and us.
void Transfer::set_proxy() {
  const bool own = !settings_.ca_file.empty();
  set(CURLOPT_PROXY, settings_.proxy.c_str());
  set(CURLOPT_NOPROXY, "");  // the environment's would count
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY_CAINFO, own ? settings_.ca_file.c_str() : nullptr);
  set(CURLOPT_PROXY_CAPATH, own ? nullptr : kSystemCertificates);
  if (settings_.proxy.starts_with("https:")) {
    tls_.hosts.insert(tls_.hosts.begin(), std::string(host_of(settings_.proxy)));
  }
  std::string user(settings_.proxy_credentials.reveal());
  const std::size_t colon = user.find(':');
  if (colon == std::string::npos) return;
  std::string password = user.substr(colon + 1);
  user.resize(colon);
  set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
  set(CURLOPT_PROXYUSERNAME, user.c_str());
  set(CURLOPT_PROXYPASSWORD, password.c_str());
  wipe(password);
  wipe(user);
}

/// Logs what the forward proxy is at fault for. False: it is not.
bool Transfer::report_proxy(CURLcode code) const {
  long status = 0;
  curl_off_t before_sending = 0;  // microseconds; 0: nothing was sent into the tunnel
  libcurl().easy_getinfo(easy(), CURLINFO_HTTP_CONNECTCODE, &status);
  libcurl().easy_getinfo(easy(), CURLINFO_PRETRANSFER_TIME_T, &before_sending);
  const auto fault = find_proxy_fault({.error = error_of(code),
                                       .connect_status = static_cast<int>(status),
                                       .was_sent = before_sending > 0,
                                       .has_credentials = !settings_.proxy_credentials.empty()});
  if (!fault) return false;
  log_limited(Level::kWarning, "github_proxy_failed",
              {{"reason", std::string(fault->name)},
               {"status", std::to_string(status)},
               {"why", libcurl().easy_strerror(code)},
               {"fix", std::string(fault->fix)}});
  return true;
}

Error Transfer::error_of(CURLcode code) const {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND:     // a kept connection ended under a POST
    case CURLE_ABORTED_BY_CALLBACK:  // likewise: may_be_sent()
      return Error::kUpstreamUnreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return Error::kUpstreamTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
      return Error::kUpstreamTls;
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
      return reading_.has_head ? Error::kUpstreamInvalid : Error::kUpstreamUnreachable;
    default:
      return Error::kUpstreamInvalid;
  }
}

/// libcurl's sentence for the code holds nothing of the call: no URL, no byte of an answer.
/// `verify` is OpenSSL's number of what is wrong with the certificate (18: self-signed), 0 for
/// nothing.
Error Transfer::report(CURLcode code) const {
  const Error error = error_of(code);
  if (is_proxied_ && report_proxy(code)) return error;
  long verify = 0;
  libcurl().easy_getinfo(easy(), CURLINFO_SSL_VERIFYRESULT, &verify);
  log_limited(Level::kWarning, "upstream_failed",
              {{"reason", std::string(name(error))},
               {"why", libcurl().easy_strerror(code)},
               {"verify", std::to_string(verify)}});
  return error;
}

}  // namespace portero
