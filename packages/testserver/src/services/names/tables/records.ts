import { good, namesZone, nameError, noData, records, startOfAuthority } from "../replies.ts";
import { type NameRecord, type NameReply, testNames } from "../test-name.ts";

const longLabel = "a".repeat(63);
/** With the zone's eleven bytes and the length of each label, 255: the most that a name may have. */
const longName = [longLabel, longLabel, longLabel, "b".repeat(50)].join(".");

/** Names with records of other kinds, and names that are unusual themselves. */
export const recordNames = testNames(
  {
    pattern: "mx",
    does: "has two mail servers, the better one second",
    exampleType: "MX",
    answer: (question) =>
      records(question, [
        { type: "MX", data: { preference: 20, exchange: `missing.${namesZone}` } },
        { type: "MX", data: { preference: 10, exchange: `good.${namesZone}` } },
      ]),
  },
  {
    pattern: "mx-none",
    does: "takes no mail (RFC 7505)",
    exampleType: "MX",
    answer: (question) => records(question, [{ type: "MX", data: { preference: 0, exchange: "." } }]),
  },
  {
    pattern: "txt",
    does: "has text in two records",
    exampleType: "TXT",
    answer: (question) =>
      records(question, [
        { type: "TXT", data: "v=spf1 -all" },
        { type: "TXT", data: 'with "quotes" and \\ backslash' },
      ]),
  },
  {
    pattern: "txt-parts",
    does: "has one text in three parts, which are one without anything between (RFC 7208 section 3.3)",
    exampleType: "TXT",
    answer: (question) => records(question, [{ type: "TXT", data: ["one", "two", ""] }]),
  },
  {
    pattern: "txt-binary",
    does: "has text of all 256 bytes",
    exampleType: "TXT",
    answer: (question) => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      return records(question, [{ type: "TXT", data: [bytes.subarray(0, 255), bytes.subarray(255)] }]);
    },
  },
  {
    pattern: "txt-N",
    does: "has text of N bytes; what does not fit in a datagram is truncated there",
    example: "txt-5000",
    exampleType: "TXT",
    max: 60_000,
    answer: (question) => {
      const parts = Array.from({ length: Math.ceil(question.number / 255) }, (_, index) =>
        "x".repeat(Math.min(255, question.number - 255 * index)),
      );
      return records(question, [{ type: "TXT", data: parts }]);
    },
  },
  {
    pattern: "caa",
    does: "lets one authority issue certificates, and nobody wildcards (RFC 8659)",
    exampleType: "CAA",
    answer: (question) =>
      records(question, [
        { type: "CAA", data: { flags: 0, tag: "issue", value: "ca.fairlead.test" } },
        { type: "CAA", data: { flags: 128, tag: "issuewild", value: ";" } },
      ]),
  },
  {
    pattern: "_443._tcp.tlsa",
    does: "pins a key that nobody has (RFC 6698)",
    exampleType: "TLSA",
    answer: (question) =>
      records(question, [
        { type: "TLSA", data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 0xab) } },
      ]),
  },
  {
    pattern: "unknown-type",
    does: "has a record of type 65280, which nobody knows (RFC 3597)",
    exampleType: "TYPE65280",
    answer: (question) => records(question, [{ type: 65_280, data: Uint8Array.of(1, 2, 3) }]),
  },
  {
    pattern: "x.wild",
    does: "is one of all names below wild.names.test, which have the network's address",
    answer: (question) => records(question, good(question)),
  },
  {
    pattern: "xn--bcher-kva",
    does: "is written in letters of ASCII for bücher",
    answer: (question) => records(question, good(question)),
  },
  {
    pattern: "_underscore",
    does: "has a label that is no host's, and an address all the same",
    answer: (question) => records(question, good(question)),
  },
  {
    pattern: longLabel,
    does: "has a label of 63 bytes, the longest",
    answer: (question) => records(question, good(question)),
  },
  {
    pattern: longName,
    does: "has 255 bytes, as many as a name may have",
    answer: (question) => records(question, good(question)),
  },
  {
    pattern: "case-lower",
    does: "is answered in small letters, whatever letters were asked with: for who mixes them to be sure",
    answer: (question) => ({
      ...records(question, good(question)),
      rewrite: (message) => [lowerCaseQuestion(message)],
    }),
  },
  {
    pattern: "bogus",
    does: "has an address with a signature that is not one, for who verifies (RFC 4035)",
    answer: (question) => {
      const answers = good(question);
      return answers.length === 0 || question.edns?.wantsSignatures !== true
        ? records(question, answers)
        : { answers: [...answers, signature(question.type)] };
    },
  },
  {
    pattern: "verified",
    does: "has an address of which the answer says that it was verified, which a client may not believe unasked",
    answer: (question) => ({ ...records(question, good(question)), flags: { authenticData: true } }),
  },
);

/** What the top of a zone has. */
export function apex(zone: string, type: string): NameReply {
  const all: NameRecord[] = [startOfAuthority(zone), { type: "NS", owner: zone, data: `ns.${zone}` }];
  const answers = all.filter((record) => record.type === type);
  return answers.length > 0 ? { answers } : noData({ name: zone });
}

/** The name of an address of the network. */
export function reverse(name: string, type: string): NameReply {
  const isLoopback = name === "1.0.0.127.in-addr.arpa" || /^1\.(?:0\.){31}ip6\.arpa$/.test(name);
  if (!isLoopback) return { ...nameError({ name: "127.in-addr.arpa" }), authorities: [] };
  return type === "PTR" ? { answers: [{ type: "PTR", data: "fairlead.test" }] } : {};
}

function signature(typeCovered: string): NameRecord {
  const common = { algorithm: 13, labels: 3, originalTTL: 60, keyTag: 4711, signersName: namesZone };
  return {
    type: "RRSIG",
    data: {
      ...common,
      typeCovered,
      inception: 1_700_000_000,
      expiration: 2_500_000_000,
      signature: Buffer.alloc(64, 7),
    },
  };
}

function lowerCaseQuestion(message: Uint8Array): Uint8Array {
  const copy = message.slice();
  for (let at = 12; (copy[at] ?? 0) !== 0; ) {
    const end = at + 1 + (copy[at] ?? 0);
    for (at += 1; at < end; at += 1) {
      const byte = copy[at] ?? 0;
      if (byte >= 65 && byte <= 90) copy[at] = byte + 32;
    }
  }
  return copy;
}
