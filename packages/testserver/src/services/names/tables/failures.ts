import { bytesOf, good, rcodes, records } from "../replies.ts";
import { testNames } from "../test-name.ts";

/** Names whose servers fail, wait, or say no more than that it went wrong. */
export const failureNames = testNames(
  { pattern: "servfail", does: "fails: SERVFAIL", answer: () => ({ rcode: rcodes.serverFailure }) },
  { pattern: "refused", does: "is refused: REFUSED", answer: () => ({ rcode: rcodes.refused }) },
  { pattern: "formerr", does: "is not understood: FORMERR", answer: () => ({ rcode: rcodes.formatError }) },
  { pattern: "notimp", does: "is not implemented: NOTIMP", answer: () => ({ rcode: rcodes.notImplemented }) },
  {
    pattern: "rcode-N",
    does: "is answered with response code N, those above 15 by EDNS alone",
    example: "rcode-9",
    max: 4095,
    answer: (question) => ({ rcode: question.number }),
  },
  {
    pattern: "explained",
    does: "fails, and says why by an extended error (RFC 8914): DNSSEC Bogus, in words",
    answer: () => ({
      rcode: rcodes.serverFailure,
      options: [[15, Uint8Array.of(0, 6, ...bytesOf("the signature is of another key"))]],
    }),
  },
  {
    pattern: "servfail-once-NAME",
    does: "fails at the first question, and has the network's address from then on",
    example: "servfail-once-x",
    answer: (question) =>
      question.timesBefore() === 0 ? { rcode: rcodes.serverFailure } : records(question, good(question)),
  },
  { pattern: "silent", does: "is never answered", answer: () => ({ silent: true }) },
  {
    pattern: "silent-udp",
    does: "is never answered by UDP, and by all else as it should",
    answer: (question) => (question.transport === "udp" ? { silent: true } : records(question, good(question))),
  },
  {
    pattern: "silent-once-NAME",
    does: "is not answered at the first question, as if the datagram was lost",
    example: "silent-once-x",
    answer: (question) => (question.timesBefore() === 0 ? { silent: true } : records(question, good(question))),
  },
  {
    pattern: "silent-ipv6",
    does: "has the network's IPv4 address, and is never answered when asked for IPv6",
    answer: (question) => (question.type === "AAAA" ? { silent: true } : records(question, good(question))),
  },
  {
    pattern: "slow-N",
    does: "is answered after N milliseconds",
    example: "slow-300",
    max: 60_000,
    answer: (question) => ({ ...records(question, good(question)), afterMilliseconds: question.number }),
  },
  {
    pattern: "slow-ipv6-N",
    does: "has the network's IPv4 address at once, and no IPv6 address after N milliseconds",
    example: "slow-ipv6-300",
    max: 60_000,
    answer: (question) => ({
      ...records(question, good(question)),
      afterMilliseconds: question.type === "AAAA" ? question.number : 0,
    }),
  },
  {
    pattern: "truncated",
    does: "is truncated by UDP, and whole by all else",
    answer: (question) =>
      question.transport === "udp" ? { flags: { truncated: true } } : records(question, good(question)),
  },
  {
    pattern: "truncated-part",
    does: "is truncated by UDP with an address already in it, which may not be used (RFC 2181 section 9)",
    answer: (question) => ({
      ...records(question, good(question)),
      flags: { truncated: question.transport === "udp" },
    }),
  },
  {
    pattern: "truncated-always",
    does: "is truncated by whatever it is asked",
    answer: () => ({ flags: { truncated: true } }),
  },
  {
    pattern: "referral",
    does: "is answered with the name of another server, as one answers that is no resolver",
    answer: () => ({
      flags: { notRecursive: true },
      authorities: [{ type: "NS", owner: "referral.names.test", data: "ns.referral.names.test" }],
      additionals: [{ type: "A", owner: "ns.referral.names.test", data: "192.0.2.53" }],
    }),
  },
);
