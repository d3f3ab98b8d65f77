import { bytesOf, good, rcodes, records } from "../replies.ts";
import { type NameReply, testNames } from "../test-name.ts";

/** Options of EDNS. */
const options = { nameServer: 3, cookie: 10, padding: 12 } as const;

/** Names whose servers have their own idea of EDNS. RFC 6891. */
export const ednsNames = testNames(
  {
    pattern: "edns-none",
    does: "is answered as by a server that never heard of EDNS: without a word of it",
    answer: (question) => ({ ...records(question, good(question)), edns: "none" }),
  },
  {
    pattern: "edns-formerr",
    does: "is not understood when asked with EDNS, and answered without",
    answer: (question): NameReply =>
      question.edns === undefined ? records(question, good(question)) : { rcode: rcodes.formatError, edns: "none" },
  },
  {
    pattern: "edns-silent",
    does: "is answered only when asked without EDNS, as firewalls have it",
    answer: (question): NameReply =>
      question.edns === undefined ? records(question, good(question)) : { silent: true },
  },
  {
    pattern: "edns-badvers",
    does: "is answered by BADVERS, whatever version was asked with",
    answer: () => ({ rcode: rcodes.badVersion }),
  },
  {
    pattern: "edns-unknown",
    does: "is answered with an option that nobody knows, which is to be ignored",
    answer: (question) => ({ ...records(question, good(question)), options: [[65_001, bytesOf("surprise")]] }),
  },
  {
    pattern: "edns-identifier",
    does: "is answered with the server's name (RFC 5001)",
    answer: (question) => ({
      ...records(question, good(question)),
      options: [[options.nameServer, bytesOf("fairlead")]],
    }),
  },
  {
    pattern: "edns-padding",
    does: "is answered with 128 bytes of padding (RFC 7830)",
    answer: (question) => ({ ...records(question, good(question)), options: [[options.padding, new Uint8Array(128)]] }),
  },
  {
    pattern: "cookie",
    does: "is answered with a server's cookie where the client sent its own (RFC 7873)",
    answer: (question) => {
      const cookie = cookieFor(question.edns?.options.get(options.cookie));
      return { ...records(question, good(question)), ...(cookie && { options: [[options.cookie, cookie]] }) };
    },
  },
  {
    pattern: "cookie-required",
    does: "is answered by BADCOOKIE until the client sends the server's cookie back",
    answer: (question) => {
      const sent = question.edns?.options.get(options.cookie);
      const cookie = cookieFor(sent);
      if (cookie === undefined) return records(question, good(question));
      const isRight = sent !== undefined && Buffer.from(sent).equals(cookie);
      const reply: NameReply = isRight ? records(question, good(question)) : { rcode: rcodes.badCookie };
      return { ...reply, options: [[options.cookie, cookie]] };
    },
  },
  {
    pattern: "cookie-wrong",
    does: "is answered with the cookie of another client, which is to be thrown away",
    answer: (question) => ({
      ...records(question, good(question)),
      options: [[options.cookie, Uint8Array.from({ length: 24 }, (_, index) => index)]],
    }),
  },
);

/** The client's half, and one of the server's that a test can foretell. RFC 7873 section 4.2. */
function cookieFor(sent: Uint8Array | undefined): Buffer | undefined {
  if (sent === undefined || (sent.length !== 8 && (sent.length < 16 || sent.length > 40))) return undefined;
  const client = sent.subarray(0, 8);
  return Buffer.concat([client, client.map((byte) => byte ^ 0x5a)]);
}
