import { formatName, join } from "../protocol/message.ts";
import { a, aaaa, addressesOf, good, publicAddress, records } from "../replies.ts";
import { type NameQuestion, type NameReply, type TestName, testNames } from "../test-name.ts";

/** Names whose answers are not what was asked for, or no answers at all. */
export const malformedNames = testNames(
  rewritten("wrong-id", "is answered with another transaction's number, as a blind attacker does", (message) => {
    return changed(message, 1, (message[1] ?? 0) ^ 0xff);
  }),
  {
    pattern: "wrong-port",
    does: "is answered from another port, as a blind attacker does",
    answer: (question) => ({ ...records(question, good(question)), fromElsewhere: true }),
  },
  rewritten("wrong-question", "is answered with another name in the question", (message) => {
    // The first letter of the first label.
    return changed(message, 13, 0x78);
  }),
  {
    pattern: "no-question",
    does: "is answered without the question",
    answer: (question) => ({
      answers: good(question, question.name),
      rewrite: (message) => {
        const rest = join([message.subarray(0, 12), message.subarray(12 + questionLength(question))]);
        return [changed(rest, 5, 0)];
      },
    }),
  },
  rewritten("no-response", "is answered by a message that says of itself that it is a question", (message) =>
    changed(message, 2, (message[2] ?? 0) & 0x7f),
  ),
  {
    pattern: "wrong-name",
    does: "is answered with the address of another name",
    answer: (question) => ({ answers: good(question, "other.test") }),
  },
  {
    pattern: "wrong-type",
    does: "is answered with an IPv6 address when asked for IPv4, and the other way around",
    answer: (question) => ({ answers: question.type === "A" ? aaaa("::1") : a("127.0.0.1") }),
  },
  {
    pattern: "poison",
    does: "has its address, and one for other.test that nobody asked for",
    answer: (question) => ({
      ...records(question, good(question)),
      additionals: [{ type: "A", owner: "other.test", data: "192.0.2.66", ttl: 86_400 }],
    }),
  },
  {
    pattern: "twice",
    does: "is answered twice with the same",
    answer: (question) => ({ ...records(question, good(question)), rewrite: (message) => [message, message] }),
  },
  {
    pattern: "conflicting",
    does: "is answered with 192.0.2.1 and right after with the network's address",
    answer: (question) => ({
      ...records(question, a(publicAddress)),
      rewrite: (message) => {
        const address = addressesOf(question).A[0]?.split(".").map(Number) ?? [];
        const other = message.slice();
        other.set(address, endOfFirstAnswer(message, question) - address.length);
        return [message, other];
      },
    }),
  },
  rewritten("garbage", "is answered with bytes that are no message", () => {
    return Uint8Array.from({ length: 64 }, (_, index) => (index * 37 + 11) & 0xff);
  }),
  rewritten("empty", "is answered with nothing in it", () => new Uint8Array(0)),
  rewritten("head-only", "is answered with a head that promises a question and an answer", (message) =>
    message.slice(0, 12),
  ),
  rewritten("cut", "is answered with a message that ends in the middle of its address", (message, question) =>
    message.slice(0, endOfFirstAnswer(message, question) - 2),
  ),
  rewritten("count-lie", "is answered with one record where the head says five", (message) => changed(message, 7, 5)),
  rewritten("length-lie", "is answered with an address whose length says 400", (message, question) => {
    const at = endOfFirstAnswer(message, question) - 6;
    return changed(changed(message, at, 1), at + 1, 0x90);
  }),
  {
    pattern: "long-address",
    does: "has an IPv4 address of five bytes",
    answer: () => ({ answers: [{ type: 1, data: Uint8Array.of(127, 0, 0, 1, 1) }] }),
  },
  rewritten("pointer-loop", "is answered with a name that points to itself", (message, question) => {
    const at = 12 + questionLength(question);
    return changed(changed(message, at, 0xc0), at + 1, at);
  }),
  rewritten("pointer-ahead", "is answered with a name that points behind the message", (message, question) => {
    const at = 12 + questionLength(question);
    return changed(changed(message, at, 0xff), at + 1, 0xff);
  }),
  rewritten("trailing", "is answered with bytes behind the message's end", (message) =>
    join([message, new Uint8Array(16)]),
  ),
);

/** An answer that is right until its bytes are changed. */
function rewritten(
  pattern: string,
  does: string,
  rewrite: (message: Uint8Array, question: NameQuestion) => Uint8Array,
): TestName {
  return {
    pattern,
    does,
    answer: (question): NameReply => ({
      ...records(question, good(question)),
      rewrite: (message) => [rewrite(message, question)],
    }),
  };
}

function changed(message: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = message.slice();
  if (at < copy.length) copy[at] = byte;
  return copy;
}

function questionLength({ name }: NameQuestion): number {
  return formatName(name).length + 4;
}

/** Where the first record ends, whose name is a pointer. */
function endOfFirstAnswer(message: Uint8Array, question: NameQuestion): number {
  const at = 12 + questionLength(question);
  const length = ((message[at + 10] ?? 0) << 8) | (message[at + 11] ?? 0);
  return Math.min(message.length, at + 12 + length);
}
