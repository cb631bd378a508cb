#include "proxy/app/identity.h"

#include <string_view>

namespace portero {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kUsualSize = 384;  // bytes; most people's lines are shorter

void append_encoded(std::string& to, std::string_view value, char also = '%') {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool is_inside = i > 0 && i + 1 < value.size();
    const bool stays = (c > ' ' && c <= '~' && c != '%' && c != also) || (c == ' ' && is_inside);
    if (stays) {
      to += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += kDigits[byte >> 4U];
    to += kDigits[byte & 0xFU];
  }
}

void add_line(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ");
  append_encoded(to, value);
  to.append(kLineEnd);
}

/// As many as fit, in their order.
std::size_t append_groups(std::string& to, const std::vector<std::string>& groups) {
  std::size_t count = 0;
  for (const std::string& group : groups) {
    const std::size_t before = to.size();
    if (count > 0) to += ',';
    append_encoded(to, group, ',');
    if (to.size() + kLineEnd.size() > kIdentityMax) {
      to.resize(before);
      break;
    }
    ++count;
  }
  return count;
}

}  // namespace

IdentityLines write_identity(const Session& session) {
  const User& user = session.user;
  IdentityLines lines;
  std::string& text = lines.text;
  text.reserve(kUsualSize);
  add_line(text, "X-Auth-Request-User", user.login);
  add_line(text, "X-Auth-Request-User-Id", std::to_string(user.id));
  add_line(text, "X-Auth-Request-Preferred-Username", user.login);
  add_line(text, "X-Auth-Request-Name", user.name ? std::string_view(*user.name) : "");
  add_line(text, "X-Auth-Request-Email", user.email ? std::string_view(*user.email) : "");
  text.append("X-Auth-Request-Groups: ");
  lines.groups = append_groups(text, session.groups.held);
  text.append(kLineEnd);
  return lines;
}

}  // namespace portero
