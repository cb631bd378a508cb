#include "proxy/settings/paths.h"

#include <filesystem>
#include <functional>

#include "proxy/settings/option_table.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSiteKey = "client_secret_file";

/// Calls `visit` with the name of each path that is set and its place.
void for_each_path(
    RawSettings& raw,
    const std::function<void(const std::string&, RawValues&, std::string_view)>& visit) {
  for (const Option& key : all_options()) {
    if (key.is_path && raw.values.contains(key.name)) {
      visit(std::string(key.name), raw.values, key.name);
    }
  }
  for (auto& [origin, values] : raw.sites) {
    if (!values.contains(kSiteKey)) continue;
    visit(name_site(origin).append(".").append(kSiteKey), values, kSiteKey);
  }
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

void place_paths(std::string_view file, RawSettings& raw) {
  const fs::path folder = fs::path(file).parent_path();
  for_each_path(raw, [&folder](const std::string&, RawValues& values, std::string_view key) {
    RawValue& value = values.find(key)->second;
    const bool is_relative = value.shape == Shape::kText && !value.text.empty() &&
                             fs::path(value.text).is_relative() && !value.text.starts_with('~');
    if (!is_relative || folder.empty()) return;
    value.in_file = value.text;
    value.text = (folder / value.text).string();
  });
}

void refuse_misplaced_paths(std::string_view file, RawSettings& raw, Findings& findings) {
  for_each_path(raw, [&](const std::string& name, RawValues& values, std::string_view key) {
    const RawValue& value = values.find(key)->second;
    const bool is_old = !value.in_file.empty() && !exists(value.text) && exists(value.in_file);
    if (value.text.starts_with('~')) {
      findings.mistake(name, "begins with ~", "write the whole path: no shell reads this");
    } else if (is_old) {
      std::error_code ignored;
      findings.mistake(name, value.text + " does not exist",
                       "relative paths of " + std::string(file) +
                           " count from its folder now: move " + value.in_file +
                           " there, or write " + fs::absolute(value.in_file, ignored).string());
    } else {
      return;
    }
    values.erase(values.find(key));
  });
}

}  // namespace portero
