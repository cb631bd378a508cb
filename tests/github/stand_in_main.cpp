// github-stand-in: the stand-in as a program. Prints its address on stdout and serves until it gets
// SIGINT or SIGTERM, or its standard input ends (under --until-eof: a test's child dies with it).
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "tests/github/stand_in.h"

namespace {

constexpr std::string_view kUsage =
    "usage: github-stand-in [--port N] [--client-id ID] [--client-secret SECRET]\n"
    "         [--redirect-uri URL]... [--base-url URL] [--issuer URL] [--no-issuer]\n"
    "         [--expiring-tokens] [--github-app] [--suspended] [--faults]\n"
    "         [--tls FILE] [--until-eof]\n"
    "A GitHub to try things out with, on 127.0.0.1. Its client is `stand-in-client` with the\n"
    "secret `stand-in-secret` unless told otherwise: it guards nothing. --tls writes the "
    "certificate\n"
    "of an authority made for this run into FILE.\n";

struct Arguments {
  portero::StandInOptions options;
  portero::StandInClient client;
  std::string authority_file;
  bool until_eof = false;
};

/// False: not understood.
bool take_flag(Arguments& to, std::string_view flag) {
  if (flag == "--no-issuer") return !(to.options.send_issuer = false);
  if (flag == "--expiring-tokens") return to.client.expiring_tokens = true;
  if (flag == "--github-app") return to.client.github_app = true;
  if (flag == "--suspended") return to.client.suspended = true;
  if (flag == "--faults") return to.options.with_faults = true;
  if (flag == "--until-eof") return to.until_eof = true;
  return false;
}

bool take_option(Arguments& to, std::string_view name, const std::string& value) {
  if (name == "--client-id") return to.client.client_id = value, true;
  if (name == "--client-secret") return to.client.client_secret = value, true;
  if (name == "--redirect-uri") return to.client.redirect_uris.push_back(value), true;
  if (name == "--base-url") return to.options.base_url = value, true;
  if (name == "--issuer") return to.options.issuer = value, true;
  if (name == "--tls") return to.authority_file = value, to.options.with_tls = true;
  if (name != "--port") return false;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, to.options.port);
  return read.ec == std::errc() && read.ptr == end;
}

bool read_arguments(int count, char** words, Arguments& to) {
  for (int i = 1; i < count; ++i) {
    if (take_flag(to, words[i])) continue;
    if (i + 1 >= count || !take_option(to, words[i], words[i + 1])) return false;
    ++i;
  }
  return true;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file.good();
}

/// What it listens on, a line each.
void say_where(const portero::StandIn& github, const portero::StandInOptions& options) {
  std::printf("github-stand-in: %s\n", github.url().c_str());
  if (options.with_faults) {
    std::printf("github-stand-in faults: %s\n", github.fault_url().c_str());
  }
  if (options.with_tls) {
    std::printf("github-stand-in tls: %s %s\n", github.tls_url().c_str(),
                github.tls_api_url().c_str());
  }
  (void)std::fflush(stdout);
}

void raise_at_end_of_input() {
  std::array<char, 256> buffer{};
  while (read(STDIN_FILENO, buffer.data(), buffer.size()) > 0) continue;
  kill(getpid(), SIGTERM);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.client.client_id = "stand-in-client";
  arguments.client.client_secret = "stand-in-secret";
  if (!read_arguments(argc, argv, arguments)) {
    (void)std::fwrite(kUsage.data(), 1, kUsage.size(), stderr);
    return 2;
  }
  if (arguments.client.redirect_uris.empty()) {
    arguments.client.redirect_uris.emplace_back("http://127.0.0.1/");
  }
  arguments.options.clients.push_back(arguments.client);

  // Blocked before the first thread starts, so that none of them takes the signal.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  std::string why;
  const auto github = portero::StandIn::start(arguments.options, why);
  if (!github) {
    (void)std::fprintf(stderr, "github-stand-in: %s\n", why.c_str());
    return 1;
  }
  if (arguments.options.with_tls &&
      !write_file(arguments.authority_file, github->tls_authority())) {
    (void)std::fprintf(stderr, "github-stand-in: cannot write %s\n",
                       arguments.authority_file.c_str());
    return 1;
  }
  say_where(*github, arguments.options);
  if (arguments.until_eof) std::thread(raise_at_end_of_input).detach();
  int signal = 0;
  sigwait(&stop_signals, &signal);
  github->stop();
  return 0;
}
