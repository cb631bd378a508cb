#include "proxy/base/addresses.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

std::string canonical(std::string_view text) {
  const std::optional<Address> address = Address::read(text);
  return address ? address->text() : "none";
}

TEST(Address, IsReadAsProxiesWriteIt) {
  struct Case {
    std::string_view text;
    std::string_view is;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"192.0.2.1", "192.0.2.1"},
           {"192.0.2.1:4711", "192.0.2.1"},
           {"2001:db8::1", "2001:db8::1"},
           {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
           {"[2001:db8::1]", "2001:db8::1"},
           {"[2001:db8::1]:443", "2001:db8::1"},
           {"::ffff:192.0.2.1", "192.0.2.1"},
           {"[::ffff:192.0.2.1]:80", "192.0.2.1"},
           {"::ffff:c000:201", "192.0.2.1"},
           {"::1", "::1"},
           {"0.0.0.0", "0.0.0.0"},
       }) {
    EXPECT_EQ(canonical(each.text), each.is) << each.text;
  }
}

TEST(Address, IsNothingElse) {
  for (const std::string_view text :
       {std::string_view(""),
        std::string_view("unknown"),
        std::string_view("unix"),
        std::string_view("localhost"),
        std::string_view("192.0.2"),
        std::string_view("192.0.2.1.1"),
        std::string_view("192.0.2.256"),
        std::string_view("192.0.2.01"),
        std::string_view("0x7f.0.0.1"),
        std::string_view("2130706433"),
        std::string_view(" 192.0.2.1"),
        std::string_view("192.0.2.1 "),
        std::string_view("192.0.2.1:"),
        std::string_view("192.0.2.1:port"),
        std::string_view("192.0.2.1:65536"),
        std::string_view("192.0.2.1/32"),
        std::string_view("[192.0.2.1]"),
        std::string_view("[192.0.2.1]:80"),
        std::string_view("[2001:db8::1"),
        std::string_view("[2001:db8::1]x"),
        std::string_view("[2001:db8::1]:"),
        std::string_view("[]"),
        std::string_view("2001:db8::1]"),
        std::string_view("fe80::1%eth0"),
        std::string_view("\"192.0.2.1\""),
        std::string_view("for=192.0.2.1"),
        std::string_view("192.0.2.1\0", 10),
        std::string_view("::ffff:192.0.2.1:::::::::::::::::::::::::::::::::::::::::::::::::")}) {
    EXPECT_EQ(canonical(text), "none") << text;
  }
}

TEST(Address, IsCountedAloneInIpv4AndByItsNetInIpv6) {
  EXPECT_EQ(Address::read("192.0.2.1")->bucket(), "192.0.2.1");
  EXPECT_EQ(Address::read("::ffff:192.0.2.1")->bucket(), "192.0.2.1");
  EXPECT_EQ(Address::read("2001:db8:0:1:a::1")->bucket(), "2001:db8:0:1::/64");
  EXPECT_EQ(Address::read("2001:db8:0:1:ffff:ffff:ffff:ffff")->bucket(), "2001:db8:0:1::/64");
  EXPECT_NE(Address::read("2001:db8:0:2::1")->bucket(), "2001:db8:0:1::/64");
}

TEST(AddressList, HoldsNetsAddressesAndUnix) {
  const AddressList list = {"127.0.0.0/8", "::1", "10.1.2.3/15", "2001:db8:8000::/33", "unix"};
  for (const std::string_view peer :
       {"127.0.0.1", "127.255.255.255", "::ffff:127.0.0.1", "::1", "10.0.0.0", "10.1.255.255",
        "2001:db8:8000::1", "2001:db8:ffff::1", "unix"}) {
    EXPECT_TRUE(list.contains_peer(peer)) << peer;
  }
  for (const std::string_view peer : {"126.255.255.255", "128.0.0.0", "::2", "10.2.0.0", "::",
                                      "2001:db8:7fff::1", "2001:db9:8000::1", "unknown", ""}) {
    EXPECT_FALSE(list.contains_peer(peer)) << peer;
  }
  EXPECT_FALSE(AddressList({"::1"}).contains_peer("unix"));
  EXPECT_FALSE(AddressList({}).contains_peer("127.0.0.1"));
}

TEST(AddressList, RefusesWhatIsNoNet) {
  for (const std::string_view entry : {"",
                                       "localhost",
                                       "10.0.0.0/",
                                       "10.0.0.0/33",
                                       "10.0.0.0/-1",
                                       "10.0.0.0/8/8",
                                       "10.0.0.0/x",
                                       "::/129",
                                       "0.0.0.0/0",
                                       "::/0",
                                       "::/1",
                                       "::/80",
                                       "::ffff:0:0/96",
                                       "::ffff:0.0.0.0/90",
                                       "192.0.2.1:80",
                                       "[::1]",
                                       "Unix",
                                       "unix:/run/x",
                                       "/8",
                                       "*"}) {
    AddressList list;
    EXPECT_FALSE(list.add(entry)) << entry;
    EXPECT_EQ(list.text(), "") << entry;
  }
}

TEST(AddressList, IsWrittenAsItIsRead) {
  EXPECT_EQ(AddressList({"unix", "127.0.0.0/8", "::1"}).text(), "127.0.0.0/8 ::1 unix");
  EXPECT_EQ(AddressList({"192.0.2.1", "2001:db8::/32"}).text(), "192.0.2.1 2001:db8::/32");
  EXPECT_EQ(AddressList({}).text(), "");
}

struct Walk {
  std::string_view peer;
  std::string_view forwarded_for;
  std::string_view address;
  std::string_view bucket;
};

const AddressList& trusted() {
  static const AddressList list = {"127.0.0.0/8", "::1", "10.0.0.0/8", "unix"};
  return list;
}

void expect_walk(const Walk& walk) {
  const RemoteClient client = find_client(walk.peer, walk.forwarded_for, trusted());
  EXPECT_EQ(client.address, walk.address) << walk.peer << " " << walk.forwarded_for;
  EXPECT_EQ(client.bucket, walk.bucket) << walk.peer << " " << walk.forwarded_for;
}

TEST(Client, IsThePeerWhenThatIsNotTrusted) {
  expect_walk({"203.0.113.9", "", "203.0.113.9", "203.0.113.9"});
  expect_walk({"203.0.113.9", "192.0.2.1", "203.0.113.9", "203.0.113.9"});
  expect_walk({"203.0.113.9", "127.0.0.1", "203.0.113.9", "203.0.113.9"});
  expect_walk({"::ffff:203.0.113.9", "127.0.0.1", "203.0.113.9", "203.0.113.9"});
  expect_walk({"2001:db8::5", "192.0.2.1", "2001:db8::5", "2001:db8::/64"});
  expect_walk({"unknown", "192.0.2.1", "unknown", "unknown"});
  const RemoteClient client = find_client("unix", "192.0.2.1", AddressList({"127.0.0.0/8"}));
  EXPECT_EQ(client.address, "unix");
  EXPECT_EQ(client.bucket, "unix");
}

TEST(Client, IsTheRightMostEntryThatIsNotTrusted) {
  expect_walk({"127.0.0.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"});
  expect_walk({"unix", "192.0.2.1", "192.0.2.1", "192.0.2.1"});
  expect_walk({"127.0.0.1", "198.51.100.7, 192.0.2.1", "192.0.2.1", "192.0.2.1"});
  expect_walk({"127.0.0.1", "198.51.100.7,192.0.2.1,10.0.0.2", "192.0.2.1", "192.0.2.1"});
  expect_walk({"127.0.0.1", "192.0.2.1 ,\t10.0.0.2 , 10.0.0.3", "192.0.2.1", "192.0.2.1"});
  expect_walk({"127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1", "2001:db8::/64"});
  expect_walk({"::1", "::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"});
  expect_walk({"::1", "192.0.2.1:4711, ::ffff:10.0.0.2", "192.0.2.1", "192.0.2.1"});
}

TEST(Client, IsNeverFoundBeyondWhatIsNoAddress) {
  expect_walk({"127.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2", ""});
  expect_walk({"127.0.0.1", "192.0.2.1, ", "127.0.0.1", ""});
  expect_walk({"127.0.0.1", "192.0.2.1,,10.0.0.2", "10.0.0.2", ""});
  expect_walk({"127.0.0.1", "unix", "127.0.0.1", ""});
  expect_walk({"127.0.0.1", ",", "127.0.0.1", ""});
  expect_walk({"127.0.0.1", "192.0.2.1, unknown, 198.51.100.7", "198.51.100.7", "198.51.100.7"});
}

TEST(Client, IsNotLimitedWhenOnlyTrustedOnesAsk) {
  expect_walk({"127.0.0.1", "", "127.0.0.1", ""});
  expect_walk({"unix", "", "unix", ""});
  expect_walk({"127.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9", ""});
}

}  // namespace
}  // namespace portero
