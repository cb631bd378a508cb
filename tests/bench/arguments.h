// `--name value` pairs and lone `--name`s: all that the programs of this room need to be told.
#pragma once

#include <cstdlib>
#include <map>
#include <set>
#include <string>

namespace portero::bench {

class Arguments {
 public:
  /// `words` after the program's name (and its command). A name followed by another name, or by
  /// nothing, is a switch.
  Arguments(int count, char** words) {
    for (int i = 0; i < count; ++i) {
      const std::string name = words[i];
      const bool has_value = i + 1 < count && std::string(words[i + 1]).rfind("--", 0) != 0;
      values_[name] = has_value ? words[++i] : "";
    }
  }

  [[nodiscard]] bool has(const std::string& name) {
    asked_.insert(name);
    return values_.count(name) != 0;
  }
  [[nodiscard]] std::string find(const std::string& name, const std::string& otherwise) {
    asked_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }
  [[nodiscard]] double number(const std::string& name, double otherwise) {
    const std::string text = find(name, "");
    return text.empty() ? otherwise : std::atof(text.c_str());
  }
  [[nodiscard]] int integer(const std::string& name, int otherwise) {
    return static_cast<int>(number(name, otherwise));
  }

  /// A name nobody asked for: a typing error. "" when all were.
  [[nodiscard]] std::string unknown() const {
    for (const auto& [name, value] : values_) {
      if (asked_.count(name) == 0) return name;
    }
    return {};
  }

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> asked_;
};

}  // namespace portero::bench
