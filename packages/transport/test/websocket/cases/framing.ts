import { binary, type Case, close, FIN, fragments, frame, ping, pong, RSV1, text } from "./case.ts";

const broken = { ends: { fails: 1002 } } as const;

/** RFC 6455 section 5.1: masks. */
const masks: readonly Case[] = [
  ...[text("a"), binary("a"), ping("a"), pong("a"), close(1000)].map((each) => ({
    section: "6455 5.1",
    says: `a frame with the opcode ${String(each.first & 15)} is refused whose mask its sender's role forbids, or lacks`,
    frames: [{ ...each, wrongMask: true }],
    ...broken,
  })),
  {
    section: "6455 5.1",
    says: "a continuation is refused for its mask, like what it continues",
    frames: [frame(1, "a"), frame(FIN, "b", { wrongMask: true })],
    ...broken,
  },
  ...["00000000", "ffffffff", "00ff00ff"].map((key) => ({
    section: "6455 5.3",
    says: `any four octets are a key, ${key} too`,
    frames: [text("any key", { key: Buffer.from(key, "hex") })],
    heard: ["any key"],
  })),
  {
    section: "6455 5.3",
    says: "each frame has a key of its own, that begins at its own first octet",
    frames: [frame(1, "abc", { key: Buffer.from("1234") }), frame(FIN, "defgh", { key: Buffer.from("5678") })],
    heard: ["abcdefgh"],
  },
];

/** RFC 6455 section 5.2: reserved bits, opcodes, lengths. */
const heads: readonly Case[] = [
  ...[0x40, 0x20, 0x10, 0x70].flatMap((bits) =>
    [text("a"), ping("a"), close(1000)].map((each) => ({
      section: "6455 5.2",
      says: `reserved bits ${bits.toString(16)} on the opcode ${String(each.first & 15)} are refused without an extension`,
      frames: [{ ...each, first: each.first | bits }],
      ...broken,
    })),
  ),
  {
    section: "6455 5.2",
    says: "a reserved bit on a continuation is refused",
    frames: [frame(1, "a"), frame(FIN | RSV1, "b")],
    ...broken,
  },
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) =>
    [FIN, 0].map((fin) => ({
      section: "6455 5.2",
      says: `the reserved opcode ${String(opcode)} is refused, ${fin === 0 ? "as a fragment" : "whole"}`,
      frames: [frame(fin | opcode, "a")],
      ...broken,
    })),
  ),
  ...[0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537].flatMap((length) => [
    {
      section: "6455 5.2",
      says: `a text of ${String(length)} octets comes as it was sent`,
      frames: [text("a".repeat(length))],
      heard: ["a".repeat(length)],
    },
    {
      section: "6455 5.2",
      says: `a binary message of ${String(length)} octets comes as it was sent`,
      frames: [binary(Buffer.alloc(length, "\xfe\x00\xff", "latin1"))],
      heard: [Buffer.alloc(length, "\xfe\x00\xff", "latin1")],
    },
  ]),
  ...(
    [
      [2, 0],
      [2, 125],
      [8, 0],
      [8, 125],
      [8, 126],
      [8, 65_535],
    ] as const
  ).map(
    ([octets, length]): Case => ({
      section: "6455 5.2",
      says: `a length of ${String(length)} in ${String(octets)} more octets is not the shortest way, and refused`,
      frames: [binary(Buffer.alloc(length), { length: { octets, says: BigInt(length) } })],
      ...broken,
    }),
  ),
  ...[2n ** 63n, 2n ** 64n - 1n].map(
    (says): Case => ({
      section: "6455 5.2",
      says: `the length ${says.toString(16)}, whose first bit is set, is refused`,
      frames: [binary("", { length: { octets: 8, says } })],
      ...broken,
    }),
  ),
  ...[2n ** 53n, 2n ** 63n - 1n].map(
    (says): Case => ({
      section: "6455 10.4",
      says: `the length ${says.toString(16)} is a length, and too much`,
      frames: [binary("", { length: { octets: 8, says } })],
      ends: { fails: 1009 },
    }),
  ),
];

/** RFC 6455 section 5.4: fragments. */
const fragmented: readonly Case[] = [
  ...[
    ["a text in two", ["ab", "cd"]],
    ["a text in many", ["f", "ra", "g", "ment", "s"]],
    ["an empty first fragment", ["", "ab"]],
    ["an empty fragment in between", ["a", "", "b"]],
    ["an empty last fragment", ["ab", ""]],
    ["nothing but empty fragments", ["", "", ""]],
  ].map(
    ([says, payloads]): Case => ({
      section: "6455 5.4",
      says: `fragments are one message: ${String(says)}`,
      frames: fragments(1, ...(payloads as string[])),
      heard: [(payloads as string[]).join("")],
    }),
  ),
  {
    section: "6455 5.4",
    says: "fragments of a binary message are one message",
    frames: fragments(2, Buffer.of(0xff), Buffer.of(0xfe, 0xfd)),
    heard: [Buffer.of(0xff, 0xfe, 0xfd)],
  },
  {
    section: "6455 5.4",
    says: "a large message in large fragments is one message",
    frames: fragments(2, Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2), Buffer.alloc(200_000, 3)),
    heard: [Buffer.concat([Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2), Buffer.alloc(200_000, 3)])],
  },
  {
    section: "6455 5.4",
    says: "a ping between fragments is answered before the message",
    frames: [frame(1, "a"), ping("now"), frame(FIN, "b")],
    heard: [["ping", "now"], "ab"],
    sent: [[FIN | 10, Buffer.from("now")]],
  },
  {
    section: "6455 5.4",
    says: "a pong between fragments is told before the message",
    frames: [frame(2, "a"), pong("now"), frame(FIN, "b")],
    heard: [["pong", "now"], Buffer.from("ab")],
  },
  {
    section: "6455 5.4",
    says: "control frames between all fragments leave the message as it is",
    frames: [frame(1, "a"), ping(), pong(), frame(0, "b"), ping(), frame(FIN, "c")],
    heard: [["ping", ""], ["pong", ""], ["ping", ""], "abc"],
    sent: [
      [FIN | 10, Buffer.alloc(0)],
      [FIN | 10, Buffer.alloc(0)],
    ],
  },
  {
    section: "6455 5.5.1",
    says: "a Close between fragments ends the connection, and the message is none",
    frames: [frame(1, "a"), close(1001)],
    ends: { close: 1001 },
  },
  {
    section: "6455 5.4",
    says: "messages follow each other",
    frames: [...fragments(1, "a", "b"), text("c"), ...fragments(2, "d", "e"), binary("f")],
    heard: ["ab", "c", Buffer.from("de"), Buffer.from("f")],
  },
  ...(
    [
      ["a last continuation of nothing", [frame(FIN, "a")]],
      ["a continuation of nothing", [frame(0, "a")]],
      ["a continuation of a message that is whole", [text("a"), frame(FIN, "b")]],
      ["a continuation behind the last", [...fragments(1, "a", "b"), frame(FIN, "c")]],
      ["a text within a text", [frame(1, "a"), text("b")]],
      ["a fragment of a text within a text", [frame(1, "a"), frame(1, "b")]],
      ["a binary message within a text", [frame(1, "a"), binary("b")]],
      ["a text within a binary message", [frame(2, "a"), text("b")]],
    ] as const
  ).map(
    ([says, frames]): Case => ({
      section: "6455 5.4",
      says: `${says} is refused`,
      frames,
      heard: frames[0].first === (FIN | 1) ? ["a"] : frames.length === 3 ? ["ab"] : [],
      ...broken,
    }),
  ),
];

export const framingCases: readonly Case[] = [...masks, ...heads, ...fragmented];
