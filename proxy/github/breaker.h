// Stops asking a GitHub that does not answer. So visitors are told at once and not after eight
// seconds, the login lane stays free, and no code is spent in vain. Pure: time is an argument, in
// seconds of one clock, whatever its start. No lock: one thread, or the owner's lock (admission.h).
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

  /// Notes that GitHub is being asked; hand the number to end(). While the breaker is open, this is
  /// the probe: nobody else may ask for 10 s or until it ends. REQUIRES: wait(now) is 0.
  [[nodiscard]] std::uint64_t begin(std::int64_t now);

  /// Notes how it went: `answered` is false if GitHub was not reached, did not answer in time or
  /// had no valid certificate. Returns true if this opened or closed the breaker.
  bool end(std::uint64_t number, bool answered, std::int64_t now);

  /// The same when its connection was lost or not had. Many may share one: whoever began before
  /// counts no more.
  bool end_lost(std::uint64_t number, std::int64_t now);

  [[nodiscard]] bool is_open() const { return open_; }

 private:
  bool open_ = false;
  std::uint64_t number_ = 0;  // of whose failure counts; while open, the probe's
  int failures_ = 0;          // in a row
  std::int64_t first_failure_ = 0;
  std::int64_t decided_at_ = 0;  // when retry_at_ was set
  std::int64_t retry_at_ = 0;
  int back_off_ = 0;  // seconds
};

}  // namespace portero
