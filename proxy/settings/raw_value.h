// Values of settings as they were written, before anybody knows what they mean.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace portero {

/// The JSON type of a value. kAny: from the environment or a flag, whose text may be any of them. A
/// list of texts (kList) or of whole numbers (kNumbers) is kept as one text, separated by spaces.
enum class Shape { kAny, kText, kNumber, kFlag, kList, kNumbers, kOther };

struct RawValue {
  std::string text;
  Shape shape = Shape::kAny;
  std::string in_file = {};  // a relative path as the settings file has it; see paths.h
};

using RawValues = std::map<std::string, RawValue, std::less<>>;  // by key: "limits.body"

/// Settings by name: "limits.body", "origins[https://page.example].scope".
using SettingNames = std::set<std::string, std::less<>>;

/// One of `policies`. Its values are "origin", "max_age" and "allow"; if that is an object, it is
/// kOther, and its members are values, too: "allow.teams".
struct RawPolicy {
  std::string name;
  RawValues values;
};

struct RawSettings {
  RawValues values;
  std::map<std::string, RawValues, std::less<>> sites;  // by origin, as written
  std::vector<RawPolicy> policies;                      // in the order in which they are written
  /// Settings that a finding is about though it names something else (a misspelt name): that they
  /// are not set is no second mistake.
  SettingNames meant;
  bool is_whole = true;  // false: a settings file was named and could not be read
};

}  // namespace portero
