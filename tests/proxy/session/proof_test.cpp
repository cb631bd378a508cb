#include "proxy/session/proof.h"

#include <gtest/gtest.h>

#include <fstream>

#include "proxy/session/nonce.h"
#include "tests/proxy/session/keys.h"
#include "tests/proxy/session/prover.h"

namespace portero {
namespace {

constexpr std::string_view kUrl = "https://login.example/v1/session";
constexpr std::string_view kSession = "sealed.to.this.key";

class Proof : public ::testing::Test {
 protected:
  [[nodiscard]] Json claims(std::string_view method = "GET",
                            std::string_view session = kSession) const {
    return make_claims(method, kUrl, *make_nonce(ring, kNow), session);
  }
  static ProofTarget target(std::string_view method = "GET") {
    return {.htm = method, .htu = std::string(kUrl), .session = kSession};
  }
  [[nodiscard]] ProofResult judge(std::string_view proof, const ProofTarget& target,
                                  std::int64_t now = kNow) const {
    return verify_proof(proof, target, ring, now);
  }

  Prover prover;
  KeyRing ring{{make_key("k", 1)}};
};

std::string replace_all(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// Hex digits, with R and S for the halves of the signature.
std::string read_signature(std::string_view text, const std::string& raw) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'R' || text[i] == 'S') {
      bytes += raw.substr(text[i] == 'R' ? 0 : 32, 32);
    } else {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i++, 2)), nullptr, 16));
    }
  }
  return bytes;
}

/// The proof that a line of tests/vectors/proofs.json stands for.
std::string write_proof(const Json& line, const Prover& prover, Json claims) {
  Json header = prover.header();
  if (line.contains("header")) header.merge_patch(line["header"]);
  if (line.contains("claims")) claims.merge_patch(line["claims"]);
  const std::string jwk = write_json(prover.jwk());
  auto [h, p, s] =
      prover.parts(line.contains("header_text") ? replace_all(line["header_text"], "@", jwk)
                                                : write_json(header),
                   line.value("claims_text", write_json(claims)));
  if (line.contains("signature")) {
    const std::string signature = line["signature"];
    s = encode(read_signature(signature, prover.sign(h + "." + p)));
  }
  const std::string form = line.value("written", "{h}.{p}.{s}");
  return replace_all(replace_all(replace_all(form, "{h}", h), "{p}", p), "{s}", s);
}

TEST_F(Proof, IsJudgedAsTheCorpusSaysLineByLine) {
  std::ifstream file(PORTERO_SOURCE_DIR "/tests/vectors/proofs.json");
  const Json corpus = Json::parse(file);
  ASSERT_GE(corpus.size(), 170U);
  for (const Json& line : corpus) {
    const ProofResult judged = judge(write_proof(line, prover, claims()), target());
    EXPECT_EQ(name(judged.fault), line["fault"].get<std::string>()) << line;
    EXPECT_EQ(judged.jkt.empty(), line["fault"] != "none") << line;
  }
}

TEST_F(Proof, IsGoodForItsOwnMethodUrlAndSession) {
  const std::string proof = prover.prove(claims());
  EXPECT_EQ(judge(proof, target()).fault, ProofFault::kNone);
  EXPECT_EQ(judge(proof, target("DELETE")).fault, ProofFault::kMethod);
  ProofTarget elsewhere = target();
  elsewhere.htu += "/";
  EXPECT_EQ(judge(proof, elsewhere).fault, ProofFault::kUrl);
  ProofTarget stolen = target();
  stolen.session = "sealed.to.another.key";
  EXPECT_EQ(judge(proof, stolen).fault, ProofFault::kSession);
}

TEST_F(Proof, IsForNoSessionWhereItSaysNone) {
  ProofTarget sign_in = target("POST");
  sign_in.session.reset();
  EXPECT_EQ(judge(prover.prove(claims("POST", "")), sign_in).fault, ProofFault::kNone);
  EXPECT_EQ(judge(prover.prove(claims("POST")), sign_in).fault, ProofFault::kSession);
}

TEST_F(Proof, LivesFiveToTenMinutesByOurClockAlone) {
  const std::string proof = prover.prove(claims());  // kNow begins a window
  EXPECT_EQ(judge(proof, target(), kNow + 599).fault, ProofFault::kNone);
  EXPECT_EQ(judge(proof, target(), kNow + 600).fault, ProofFault::kNonce);
  EXPECT_EQ(judge(proof, target(), kNow - 1).fault, ProofFault::kNonce) << "minted ahead";
}

TEST_F(Proof, HoldsANonceOfOurKeysOnly) {
  Json forged = claims();
  forged["nonce"] = *make_nonce({{make_key("k", 2)}}, kNow);
  EXPECT_EQ(judge(prover.prove(forged), target()).fault, ProofFault::kNonce);
}

TEST_F(Proof, TellsKeysApartByTheirThumbprints) {
  const Prover other;
  const std::string mine = judge(prover.prove(claims()), target()).jkt;
  EXPECT_EQ(judge(prover.prove(claims()), target()).jkt, mine);
  EXPECT_NE(judge(other.prove(claims()), target()).jkt, mine);
  EXPECT_EQ(mine.size(), 43U);
}

TEST_F(Proof, IsNotGoodWithAnyCharacterChanged) {
  const std::string good = prover.prove(claims());
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'A', 'B', 'z', '-', '.', '='}) {
      std::string changed = good;
      if (std::exchange(changed[i], c) == c) continue;
      ASSERT_NE(judge(changed, target()).fault, ProofFault::kNone) << i << c;
    }
  }
}

TEST_F(Proof, HasAtMost4096Characters) {
  Json long_claims = claims();
  long_claims["padding"] = std::string(2000, 'x');
  EXPECT_EQ(judge(prover.prove(long_claims), target()).fault, ProofFault::kNone);
  long_claims["padding"] = std::string(3000, 'x');
  EXPECT_EQ(judge(prover.prove(long_claims), target()).fault, ProofFault::kForm);
}

TEST(ProofFaultName, IsOneForEachFault) {
  EXPECT_EQ(name(ProofFault::kNone), "none");
  EXPECT_EQ(name(ProofFault::kNonce), "nonce");
}

}  // namespace
}  // namespace portero
