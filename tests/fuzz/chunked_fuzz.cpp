// A body in chunks: in whatever pieces it comes, the decoder says what a reader of the whole text
// says: how it ends, where, and what it holds. The first line of an input cuts the rest.
#include "proxy/gate/chunked_body.h"
#include "tests/fuzz/judgements.h"

namespace portero::chunked_fuzz {

using State = ChunkedBody::State;
constexpr std::size_t kMax = 128;  // and 1,536 bytes on the wire

State state_of(Chunks::Ending ending) {
  if (ending == Chunks::Ending::kWhole) return State::kComplete;
  return ending == Chunks::Ending::kMore ? State::kReading : State::kRefused;
}

FUZZ_TARGET(chunked)(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  const std::string_view cuts = take(text);
  const Chunks whole = read_chunks(text, kMax);
  ChunkedBody chunks(kMax);
  std::string body;
  std::size_t used = 0;
  for (std::size_t i = 0; used < text.size() && chunks.state() == State::kReading; ++i) {
    const std::size_t step = cuts.empty() ? text.size() : cuts[i % cuts.size()] & 0x1f;
    used += chunks.feed(text.substr(used, step + 1), body);
    check(body.size() <= kMax, "no more is kept than may be");
  }
  check(chunks.state() == state_of(whole.ending), "both see the same ending");
  if (chunks.state() == State::kRefused) return 0;
  check(used == whole.end, "both see the same end");
  check(body == whole.body, "both read the same");
  return 0;
}

}  // namespace portero::chunked_fuzz
