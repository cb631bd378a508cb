#include "proxy/health.h"

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

#include "proxy/base/descriptor.h"
#include "proxy/gate/listener.h"

namespace portero {
namespace {

constexpr std::chrono::seconds kPatience(2);
constexpr std::string_view kQuestion =
    "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::size_t kStatusDigits = 3;

/// The three digits of the answer's status; empty: there is none.
std::string ask_status(const Descriptor& fd) {
  if (!fd.is_open() || ::send(fd.get(), kQuestion.data(), kQuestion.size(), MSG_NOSIGNAL) <= 0) {
    return "";
  }
  std::array<char, kVersion.size() + kStatusDigits> text{};
  const ssize_t size = ::recv(fd.get(), text.data(), text.size(), MSG_WAITALL);
  const std::string_view got(text.data(), text.size());
  if (size != static_cast<ssize_t>(text.size()) || !got.starts_with(kVersion)) return "";
  return std::string(got.substr(kVersion.size()));
}

}  // namespace

int ask_health(const Settings& settings, std::ostream& errors) {
  const std::string& at =
      settings.internal_listen.empty() ? settings.listen : settings.internal_listen;
  if (at.ends_with(":0")) {
    errors << "portero: " << at
           << " is chosen by the system at the start; name a port to be asked\n";
    return 1;
  }
  const std::string status = ask_status(connect_to(at, kPatience));
  if (status == "200") return 0;
  errors << "portero: " << at
         << (status.empty() ? " does not answer" : " answers with status " + status) << '\n';
  return 1;
}

}  // namespace portero
