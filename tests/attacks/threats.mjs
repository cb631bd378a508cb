// The threats this program must withstand, by number. Each is a test in this folder whose name begins with its number, or
// it has its reason here. threats.test.mjs holds the two against each other.

export const threats = Array.from({length: 50}, (_, i) => `T${i + 1}`);

/** Threats without a test in this folder: where they are tested instead, or why not. */
export const elsewhere = {
  T6: {why: 'mix-up (RFC 9207): vectors that both builds are tested with', tests: 'tests/vectors/finish.json'},
  T7: {why: 'parameter pollution: vectors that both builds are tested with', tests: 'tests/vectors/finish.json'},
  T34: {why: 'a broken GitHub, every kind of it over TLS', tests: 'tests/proxy/upstream_faults.test.mjs'},
  T35: {why: 'TLS to GitHub with bad certificates', tests: 'tests/proxy/upstream_faults.test.mjs'},
  T38: {why: 'tampered scripts and a tampered module, a byte each, in two engines', tests: 'tests/browser/integrity.test.mjs'},
};
