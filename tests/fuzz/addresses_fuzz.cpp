// Addresses and nets as they are written: what is read reads again. Who asks is what our own proxy
// wrote last, whatever the visitor wrote before; and just the peer where no proxy is trusted.
#include "proxy/base/addresses.h"
#include "tests/fuzz/fuzz.h"

namespace portero::addresses_fuzz {

const AddressList kTrusted = {"10.0.0.0/8", "unix"};

void validate_address(std::string_view text) {
  const auto address = Address::read(text);
  if (!address) return;
  const auto again = Address::read(address->text());
  check(again && again->shares(*address, 128), "an address reads again");
  check(again->bucket() == address->bucket(), "it counts under one bucket");
}

void validate_list(std::string_view entry) {
  AddressList list;
  if (!list.add(entry)) return check(list.text().empty(), "what is refused is not added");
  AddressList again;
  check(again.add(list.text()) && again.text() == list.text(), "a net reads again");
  check(!(list.contains_peer("198.51.100.1") && list.contains_peer("0.0.0.1") &&
          list.contains_peer("203.0.113.255")),
        "nobody trusts everybody");
}

FUZZ_TARGET(addresses)(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  validate_address(text);
  validate_list(text);
  check(find_client("203.0.113.9", text, kTrusted).address == "203.0.113.9", "peer");
  for (const char* proxy : {"10.0.0.1", "unix"}) {
    const RemoteClient client = find_client(proxy, text + ", 203.0.113.9", kTrusted);
    check(client.address == "203.0.113.9" && client.bucket == client.address, "forwarded");
    check(!find_client(proxy, text, kTrusted).address.empty(), "somebody");
  }
  return 0;
}

}  // namespace portero::addresses_fuzz
