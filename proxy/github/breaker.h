// Stops asking a GitHub that does not answer, so that visitors are told at once instead of after
// eight seconds, the login lane stays free, and nobody's code is spent on nothing. Pure: time is an
// argument, in seconds since 1970. Guards nothing: one thread, or the owner's lock (admission.h).
//
//   closed --5 failures in 60 s, none answered between--> open --back-off passed--> probing
//     ^                                                    ^  1, 2, 4 … 30 s           |
//     '---------------- any answer ------------------------+------- it failed ---------'
//
// Five: with one call in a hundred failing by chance, five in a row are one in 10^10; a dead GitHub
// costs five visitors. Within 60 s: a site with a login an hour never opens it and loses nothing.
// Up to 30 s: GitHub's return is noticed within half a minute, for one visitor's wait in each.
#pragma once

#include <cstdint>

namespace portero {

class Breaker {
 public:
  /// Seconds until GitHub may be asked; 0: now.
  [[nodiscard]] int wait(std::int64_t now) const;

  /// GitHub is being asked; hand the number to end(). While it is open, this one is the probe, and
  /// nobody else may ask for 10 s or until it ends. REQUIRES: wait(now) is 0.
  [[nodiscard]] std::uint64_t begin(std::int64_t now);

  /// How it went: `answered` is false when GitHub was not reached, did not answer in time or had no
  /// good certificate. True when this opened or closed it: worth a line in the log.
  bool end(std::uint64_t number, bool answered, std::int64_t now);

  [[nodiscard]] bool is_open() const { return open_; }

 private:
  bool open_ = false;
  std::uint64_t number_ = 0;  // of who asked last; while open, the probe's
  int failures_ = 0;          // in a row
  std::int64_t first_failure_ = 0;
  std::int64_t decided_at_ = 0;  // when retry_at_ was set
  std::int64_t retry_at_ = 0;
  int back_off_ = 0;  // seconds
};

}  // namespace portero
