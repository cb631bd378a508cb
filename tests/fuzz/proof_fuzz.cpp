// Whatever a browser signed with its own key: what is taken for a proof names that key, holds a
// nonce that no input can know, and is for this call alone. What nobody signed is none.
#include "proxy/session/nonce.h"
#include "proxy/session/proof.h"
#include "tests/fuzz/page.h"
#include "tests/proxy/session/prover.h"

namespace portero::proof_fuzz {

const KeyRing kRing = make_ring();
const Prover kProver;
const std::string kNonce = *make_nonce(kRing, kNow);
const ProofTarget kHereAndNow{.htm = "GET", .htu = "https://a", .session = "s"};

std::string fill(std::string_view input, std::string_view mark, const std::string& with) {
  std::string text(input);
  const std::size_t at = text.find(mark);
  return at == text.npos ? text : text.replace(at, mark.size(), with);
}

bool is_good(const std::string& proof, const ProofTarget& target, std::int64_t now = kNow) {
  return verify_proof(proof, target, kRing, now).fault == ProofFault::kNone;
}

FUZZ_TARGET(proof)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  check(!is_good(std::string(rest), kHereAndNow), "what nobody signed is no proof");
  const std::string header = fill(take(rest), "{jwk}", write_json(kProver.jwk()));
  const auto [h, p, s] = kProver.parts(header, fill(rest, "{nonce}", kNonce));
  const std::string proof = h + "." + p + "." + s;
  if (!is_good(proof, kHereAndNow)) return 0;
  check(header.find(kProver.jwk()["x"].get<std::string>()) != header.npos, "it names its key");
  check(!is_good(proof, {"DELETE", "https://a", "s"}), "it is for no other method");
  check(!is_good(proof, {"GET", "https://b", "s"}), "nor address");
  check(!is_good(proof, {"GET", "https://a", "t"}), "nor session");
  check(!is_good(proof, {"GET", "https://a", {}}), "nor for none");
  check(!is_good(proof, kHereAndNow, kNow + 600), "nor for ever");
  check(!is_good(h + "." + p + "." + encode(kProver.sign("x")), kHereAndNow), "it is signed");
  return 0;
}

}  // namespace portero::proof_fuzz
