// Reads tests/vectors/*.json: the same cases the tests of portero.wasm read.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "wasm/encoding.h"

namespace portero {

inline nlohmann::json read_vectors(const std::string& name) {
  std::ifstream file(PORTERO_SOURCE_DIR "/tests/vectors/" + name);
  return nlohmann::json::parse(file, nullptr, false);
}

/// Hexadecimal text as bytes.
inline std::vector<unsigned char> from_hex(const std::string& hex) {
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<unsigned char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace portero
