#include "proxy/policy/rule.h"

#include <array>
#include <cstdint>

#include "proxy/base/text.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kAccountMax = 39;
constexpr std::size_t kNameMax = 100;

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace

std::string group_of(const Rule& rule) {
  std::string group = rule.name;
  if (rule.kind != RuleKind::kTeam) return group;
  const std::size_t slash = group.find('/');
  if (slash != std::string::npos) group[slash] = ':';
  return group;
}

std::string digest_of(const Rule& rule) {
  const std::uint64_t hash = fnv1a(lower(group_of(rule)));
  std::array<unsigned char, kRuleDigest * 3 / 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<unsigned char>((hash >> (56U - 8U * i)) & 0xFFU);
  }
  return base64url_encode(bytes);
}

bool is_same(const Rule& one, const Rule& other) {
  return one.kind == other.kind && equals_ignoring_case(one.name, other.name);
}

bool is_account_name(std::string_view text) {
  return !text.empty() && text.size() <= kAccountMax && is_alphanumeric(text.front()) &&
         is_alphanumeric_or("-_", text);
}

bool is_team_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax && is_alphanumeric_or("-_", text);
}

bool is_repository_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax && is_alphanumeric_or("-_.", text) &&
         text != "." && text != "..";
}

}  // namespace portero
