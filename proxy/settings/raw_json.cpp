#include "proxy/settings/raw_json.h"

#include <algorithm>

#include "proxy/base/text.h"

namespace portero {
namespace {

bool is_whole_number(const Json& json) { return json.is_number_integer(); }

RawValue make_raw_numbers(const Json& json) {
  RawValue list{"", Shape::kNumbers};
  for (const Json& entry : json) list.text += (list.text.empty() ? "" : " ") + entry.dump();
  return list;
}

RawValue make_raw_list(const Json& json) {
  if (!json.empty() && std::all_of(json.begin(), json.end(), is_whole_number)) {
    return make_raw_numbers(json);
  }
  RawValue list{"", Shape::kList};
  for (const Json& entry : json) {
    const auto* text = entry.get_ptr<const std::string*>();
    if (text == nullptr || split_list(*text) != std::vector<std::string_view>{*text}) {
      return {"", Shape::kOther};
    }
    list.text += (list.text.empty() ? "" : " ") + *text;
  }
  return list;
}

}  // namespace

RawValue make_raw(const Json& json) {
  if (json.is_array()) return make_raw_list(json);
  if (json.is_string()) return {json.get_ref<const std::string&>(), Shape::kText};
  if (json.is_boolean()) return {json.get<bool>() ? "true" : "false", Shape::kFlag};
  if (json.is_number_integer()) return {json.dump(), Shape::kNumber};
  return {"", Shape::kOther};
}

}  // namespace portero
