import { a, aaaa, addressesOf, good, nameError, noData, publicAddress, publicAddress6, records } from "../replies.ts";
import { testNames } from "../test-name.ts";

/** Names that differ in their addresses. */
export const addressNames = testNames(
  { pattern: "good", does: "has the address of the network", answer: (question) => orNone(question, good(question)) },
  {
    pattern: "ipv6-only",
    does: "has an address of IPv6 and none of IPv4: ::1",
    exampleType: "AAAA",
    answer: (question) => records(question, aaaa("::1")),
  },
  {
    pattern: "both",
    does: "has loopback's addresses of both kinds",
    answer: (question) => records(question, [...a("127.0.0.1"), ...aaaa("::1")]),
  },
  {
    pattern: "dead-ipv6",
    does: "has an IPv6 address that nothing answers at, and the network's: for Happy Eyeballs",
    exampleType: "AAAA",
    answer: (question) => records(question, [...a(...addressesOf(question).A), ...aaaa(publicAddress6)]),
  },
  {
    pattern: "dead-first",
    does: "has an address that nothing answers at before the network's",
    answer: (question) => records(question, a(publicAddress, ...addressesOf(question).A)),
  },
  {
    pattern: "refusing-first",
    does: "has two addresses that refuse connections before the network's",
    answer: (question) => records(question, a("127.0.0.2", "127.0.0.3", ...addressesOf(question).A)),
  },
  {
    pattern: "addresses-N",
    does: "has N addresses, of which the last alone is the network's; by UDP too many are truncated",
    example: "addresses-100",
    answer: (question) => {
      const others = Array.from({ length: Math.max(0, question.number - 1) }, (_, index) => {
        return `127.1.${index >> 8}.${index & 0xff}`;
      });
      return records(question, a(...others, ...addressesOf(question).A));
    },
  },
  {
    pattern: "rotating-NAME",
    does: "has three addresses, in another order at each question",
    example: "rotating-x",
    answer: (question) => {
      const all = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
      const first = question.timesBefore() % all.length;
      return records(question, a(...all.slice(first), ...all.slice(0, first)));
    },
  },
  {
    pattern: "rebind-NAME",
    does: "has a public address at the first question and the network's from then on, to be forgotten at once",
    example: "rebind-x",
    answer: (question) => {
      if (question.type !== "A") return noData(question);
      const address = question.timesBefore() === 0 ? [publicAddress] : addressesOf(question).A;
      return { answers: a(...address).map((record) => ({ ...record, ttl: 0 })) };
    },
  },
  {
    pattern: "rebind-both",
    does: "has a public address and the network's at once, which is rebinding for who tries the next",
    answer: (question) => records(question, a(publicAddress, ...addressesOf(question).A)),
  },
  {
    pattern: "private",
    does: "has an address of a private network (RFC 1918), which a public page has no business with",
    answer: (question) => records(question, a("10.0.0.1")),
  },
  {
    pattern: "metadata",
    does: "has the address at which clouds hand out credentials, which no fetcher of URLs may ask",
    answer: (question) => records(question, a("169.254.169.254")),
  },
  {
    pattern: "unspecified",
    does: "has 0.0.0.0, which systems take for loopback",
    answer: (question) => records(question, [...a("0.0.0.0"), ...aaaa("::")]),
  },
  {
    pattern: "mapped",
    does: "has 127.0.0.1 as an address of IPv6",
    exampleType: "AAAA",
    answer: (question) => records(question, aaaa("::ffff:127.0.0.1")),
  },
  {
    pattern: "ttl-N",
    does: "has the network's address, to be remembered for N seconds",
    example: "ttl-3600",
    max: 2 ** 31 - 1,
    answer: withTtl,
  },
  {
    pattern: "ttl-negative",
    does: "has a time to live with its first bit set, which counts as 0 (RFC 2181 section 8)",
    answer: (question) => withTtl({ ...question, number: 0x8000_0000 }),
  },
  {
    pattern: "missing",
    does: "is not there (NXDOMAIN), which may be remembered for 60 seconds",
    answer: (question) => nameError(question),
  },
  {
    pattern: "missing-bare",
    does: "is not there, without the SOA that says how long that may be remembered",
    answer: () => ({ rcode: 3 }),
  },
  { pattern: "nodata", does: "is there, and has no record of any type", answer: (question) => noData(question) },
  {
    pattern: "nodata-bare",
    does: "is there without any record, and without the SOA that would say so",
    answer: () => ({}),
  },
);

function withTtl(question: Parameters<(typeof addressNames)[number]["answer"]>[0]): ReturnType<typeof noData> {
  return orNone(
    question,
    good(question).map((record) => ({ ...record, ttl: question.number })),
  );
}

function orNone(question: { readonly name: string }, answers: ReturnType<typeof good>): ReturnType<typeof noData> {
  return answers.length > 0 ? { answers } : noData(question);
}
