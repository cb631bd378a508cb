#include "proxy/settings/read_values.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proxy/base/text.h"
#include "proxy/settings/option_table.h"
#include "proxy/settings/timestamp.h"

namespace portero {
namespace {

constexpr std::string_view kTimestampFix =
    "write 2026-11-24T03:00:00Z, in UTC without a fraction, or seconds since 1970 (`date +%s` is "
    "now)";

bool is_choice(std::string_view text, std::string_view choices) {
  const std::vector<std::string_view> all = split(choices, '|');
  return std::find(all.begin(), all.end(), text) != all.end();
}

std::string list_choices(std::string_view choices) {
  std::string text;
  for (const char c : choices) text += c == '|' ? std::string(", ") : std::string(1, c);
  return text;
}

/// Reads one value; what is wrong with it becomes a finding that never repeats a secret.
struct ReadValue {
  const Option& key;
  const RawValue& raw;
  Draft& draft;
  Findings& findings;

  void wrong(std::string_view what, std::string_view fix) const {
    findings.mistake(key.name, what, fix);
  }

  [[nodiscard]] bool has_shape(Shape shape) const {
    return raw.shape == shape || raw.shape == Shape::kAny;
  }

  void operator()(std::string& (*place)(Draft&)) const {
    const bool is_control = std::any_of(raw.text.begin(), raw.text.end(),
                                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!has_shape(Shape::kText)) return wrong("is not text", "write it in quotes");
    if (is_control) return wrong("holds a control character", "write plain text");
    if (!key.choices.empty() && !is_choice(raw.text, key.choices)) {
      return wrong("must be one of " + list_choices(key.choices), "write one of them");
    }
    place(draft) = raw.text;
  }

  void operator()(bool& (*place)(Draft&)) const {
    if (!has_shape(Shape::kFlag) || (raw.text != "true" && raw.text != "false")) {
      return wrong("is neither true nor false", "write true or false, without quotes");
    }
    place(draft) = raw.text == "true";
  }

  void operator()(std::size_t& (*place)(Draft&)) const {
    const std::optional<std::int64_t> number = read_number(raw.text, key.min, key.max);
    if (!has_shape(Shape::kNumber) || !number) {
      return wrong("is not a number in its range",
                   "write a number from " + std::to_string(key.min) + " to " +
                       std::to_string(key.max) + ", without quotes");
    }
    place(draft) = static_cast<std::size_t>(*number);
  }

  [[nodiscard]] bool is_text_or_number() const {
    return has_shape(Shape::kText) || has_shape(Shape::kNumber);
  }

  [[nodiscard]] std::optional<std::chrono::milliseconds> duration() const {
    const std::chrono::milliseconds least = std::chrono::seconds(key.min);
    const std::chrono::milliseconds most = std::chrono::seconds(key.max);
    const auto duration = is_text_or_number() ? read_duration(raw.text) : std::nullopt;
    if (duration && *duration >= least && *duration <= most) return duration;
    wrong("is not a duration in its range", "write one from " + write_duration(least) + " to " +
                                                write_duration(most) +
                                                R"(, like "10s", "30m" or "7d")");
    return std::nullopt;
  }

  void operator()(std::chrono::milliseconds& (*place)(Draft&)) const {
    place(draft) = duration().value_or(place(draft));
  }

  void operator()(std::chrono::seconds& (*place)(Draft&)) const {
    const auto read = duration();
    if (read) place(draft) = std::chrono::duration_cast<std::chrono::seconds>(*read);
  }

  void operator()(Timestamp& (*place)(Draft&)) const {
    const auto timestamp = is_text_or_number() ? read_timestamp(raw.text) : std::nullopt;
    if (!timestamp) return wrong("is not a timestamp", kTimestampFix);
    place(draft) = *timestamp;
  }

  [[nodiscard]] bool is_list() const {
    return raw.shape == Shape::kList || raw.shape == Shape::kAny;
  }

  void operator()(SubjectTimestamps& (*place)(Draft&)) const {
    if (!is_list()) {
      return wrong("is not a list", R"(write ["583231=2026-11-24T03:00:00Z"], or [] for nobody)");
    }
    place(draft).clear();
    int number = 0;
    for (const std::string_view entry : split_list(raw.text)) {
      const std::string which = " as entry " + std::to_string(++number);
      const auto read = read_subject_timestamp(entry);
      if (read && place(draft).insert(*read).second) continue;
      wrong((read ? "repeats a user id" : "has no user id and timestamp") + which,
            "write each person once, by their user id at GitHub: 583231=2026-11-24T03:00:00Z");
    }
  }

  void operator()(AddressList& (*place)(Draft&)) const {
    if (!is_list()) {
      return wrong("is not a list of addresses", R"(write ["10.0.0.0/8", "unix"], or [] for none)");
    }
    place(draft) = {};
    int number = 0;
    for (const std::string_view entry : split_list(raw.text)) {
      ++number;
      if (place(draft).add(entry)) continue;
      wrong("has no address or net as entry " + std::to_string(number),
            "write an address (192.0.2.1), a net (10.0.0.0/8, not /0) or unix");
    }
  }

  void operator()(Secret& (*place)(Draft&)) const { place(draft) = Secret(raw.text); }
};

}  // namespace

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  constexpr std::array<Unit, 5> kUnits = {
      {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}}};
  constexpr std::int64_t kMost = 1000000000;
  std::int64_t factor = 1000;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    factor = unit.milliseconds;
    break;
  }
  const std::optional<std::int64_t> number = read_number(text, 0, kMost);
  if (!number) return std::nullopt;
  return std::chrono::milliseconds(*number * factor);
}

void read_values(const RawValues& values, Draft& draft, Findings& findings) {
  for (const Option& key : all_options()) {
    const auto found = values.find(key.name);
    if (found == values.end()) continue;
    std::visit(ReadValue{key, found->second, draft, findings}, key.place);
  }
}

void check_site_shapes(const std::string& at, const RawValues& values, Findings& findings) {
  for (const auto& [key, value] : values) {
    if (key == "cross_site") {
      if (value.shape == Shape::kFlag) continue;
      findings.mistake(std::string(at).append(".").append(key), "is neither true nor false",
                       "write one of the two, without quotes");
      continue;
    }
    if (value.shape == Shape::kText || value.shape == Shape::kAny) continue;
    findings.mistake(std::string(at).append(".").append(key), "is not text", "write it in quotes");
  }
}

}  // namespace portero
