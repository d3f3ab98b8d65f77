import { constants, deflateRawSync } from "node:zlib";
import { type Case, FIN, frame, hex, ping, RSV1, text, type WireFrame } from "./case.ts";

const deflate = {};
const invalid = { deflate, ends: { fails: 1007 } } as const;
const broken = { deflate, ends: { fails: 1002 } } as const;

/** What a compressor makes of octets, without the four at its end. RFC 7692 section 7.2.1. */
function deflated(content: string | Buffer): Buffer {
  return deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

function compressed(opcode: number, payload: Buffer, more: Partial<WireFrame> = {}): WireFrame {
  return frame(FIN | RSV1 | opcode, payload, more);
}

/** A compressed message in fragments: only the first says that it is one. */
function inFragments(opcode: number, ...payloads: readonly Buffer[]): readonly WireFrame[] {
  return payloads.map((payload, index) =>
    frame((index === 0 ? RSV1 | opcode : 0) | (index === payloads.length - 1 ? FIN : 0), payload),
  );
}

const hello = hex("f2 48 cd c9 c9 07 00");
/** A message, and one that refers to its beginning: beyond a window of 256 octets. */
const distant = Buffer.concat([Buffer.from("repetition"), randomLooking(2_000)]);
const referring = deflateRawSync("repetition", { finishFlush: constants.Z_SYNC_FLUSH, dictionary: distant }).subarray(
  0,
  -4,
);

/** RFC 7692 sections 6 and 7. */
export const deflateCases: readonly Case[] = [
  {
    section: "7692 7.2.3.1",
    says: "the example of one compressed message",
    deflate,
    frames: [compressed(1, hello)],
    heard: ["Hello"],
  },
  {
    section: "7692 7.2.3.1",
    says: "the example of a compressed message in two fragments",
    deflate,
    frames: inFragments(1, hex("f2 48 cd"), hex("c9 c9 07 00")),
    heard: ["Hello"],
  },
  {
    section: "7692 7.2.3.2",
    says: "the example of a second message that refers to the first",
    deflate,
    frames: [compressed(1, hello), compressed(1, hex("f2 00 11 00 00"))],
    heard: ["Hello", "Hello"],
  },
  {
    section: "7692 7.1.1",
    says: "a message that refers to another is refused where each stands by itself",
    deflate: { clientNoContextTakeover: true, serverNoContextTakeover: true },
    frames: [compressed(1, hello), compressed(1, hex("f2 00 11 00 00"))],
    heard: ["Hello"],
    ends: { fails: 1007 },
  },
  {
    section: "7692 7.1.1",
    says: "messages that stand by themselves need no context",
    deflate: { clientNoContextTakeover: true, serverNoContextTakeover: true },
    frames: [compressed(1, hello), compressed(1, hello), compressed(2, hello)],
    heard: ["Hello", "Hello", Buffer.from("Hello")],
  },
  {
    section: "7692 7.2.3.3",
    says: "the example of a block without compression",
    deflate,
    frames: [compressed(1, hex("00 05 00 fa ff 48 65 6c 6c 6f 00"))],
    heard: ["Hello"],
  },
  {
    section: "7692 7.2.3.4",
    says: "the example of a final block",
    deflate,
    frames: [compressed(1, hex("f3 48 cd c9 c9 07 00 00"))],
    heard: ["Hello"],
  },
  {
    section: "7692 7.2.3.4",
    says: "behind a final block the next message begins anew",
    deflate,
    frames: [compressed(1, hex("f3 48 cd c9 c9 07 00 00")), compressed(1, hello), compressed(1, hello)],
    heard: ["Hello", "Hello", "Hello"],
  },
  {
    section: "7692 7.2.3.4",
    says: "padding behind a final block may come in a fragment of its own",
    deflate,
    frames: [...inFragments(1, hex("f3 48 cd c9 c9 07 00"), hex("00")), compressed(1, hello)],
    heard: ["Hello", "Hello"],
  },
  {
    section: "7692 7.2.3.4",
    says: "anything else behind a final block is refused: it could be read in two ways",
    frames: [compressed(1, Buffer.concat([hex("f3 48 cd c9 c9 07 00"), hello]))],
    ...invalid,
  },
  {
    section: "7692 7.2.3.4",
    says: "a fragment with more data behind a final block is refused",
    frames: inFragments(1, hex("f3 48 cd c9 c9 07 00 00"), hello),
    ...invalid,
  },
  {
    section: "7692 7.2.3.5",
    says: "the example of two blocks in one message",
    deflate,
    frames: [compressed(1, hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))],
    heard: ["Hello"],
  },
  {
    section: "7692 7.2.3.6",
    says: "the example of an empty message",
    deflate,
    frames: [compressed(1, hex("00")), compressed(2, hex("00"))],
    heard: ["", Buffer.alloc(0)],
  },
  {
    section: "7692 7.2.2",
    says: "a compressed message may come an octet a fragment, empty ones among them",
    deflate,
    frames: inFragments(2, ...[...hello].flatMap((octet) => [Buffer.of(octet), Buffer.alloc(0)]), Buffer.alloc(0)),
    heard: [Buffer.from("Hello")],
  },
  {
    section: "7692 7.2.2",
    says: "a large message is decompressed whole",
    deflate,
    frames: [compressed(1, deflated("large ".repeat(100_000)))],
    heard: ["large ".repeat(100_000)],
  },
  {
    section: "7692 7.2.2",
    says: "what cannot be compressed is decompressed all the same",
    deflate,
    frames: [compressed(2, deflated(randomLooking(100_000)))],
    heard: [randomLooking(100_000)],
  },
  {
    section: "7692 6",
    says: "a message may be left as it is",
    deflate,
    frames: [text("plain"), compressed(1, hello), text("plain")],
    heard: ["plain", "Hello", "plain"],
  },
  {
    section: "7692 6.1",
    says: "control frames go between compressed fragments, and their answers are in order",
    deflate,
    frames: [frame(RSV1 | 1, hex("f2 48 cd")), ping("now"), frame(FIN, hex("c9 c9 07 00")), ping("later")],
    heard: [["ping", "now"], "Hello", ["ping", "later"]],
    sent: [
      [FIN | 10, Buffer.from("now")],
      [FIN | 10, Buffer.from("later")],
    ],
  },
  {
    section: "7692 6.1",
    says: "a continuation must not say that it is compressed",
    frames: [frame(RSV1 | 1, hex("f2 48 cd")), frame(FIN | RSV1, hex("c9 c9 07 00"))],
    ...broken,
  },
  {
    section: "7692 6.1",
    says: "a continuation of a message that is not compressed must not say so either",
    frames: [frame(1, "a"), frame(FIN | RSV1, hello)],
    ...broken,
  },
  ...[8, 9, 10].map(
    (opcode): Case => ({
      section: "7692 6.1",
      says: `a control frame ${String(opcode)} must not be compressed`,
      frames: [frame(FIN | RSV1 | opcode, "\x03\xe8")],
      ...broken,
    }),
  ),
  ...[0x20, 0x10].map(
    (bit): Case => ({
      section: "7692 6",
      says: `the reserved bit ${bit.toString(16)} has no meaning by compression`,
      frames: [compressed(1, hello), frame(FIN | RSV1 | bit | 1, hello)],
      heard: ["Hello"],
      ...broken,
    }),
  ),
  {
    section: "7692 6",
    says: "a compressed message is refused where no compression was agreed",
    frames: [compressed(1, hello)],
    ends: { fails: 1002 },
  },
  ...["ff ff ff ff", "07", "00 05 00 fb ff 48", "f2 48 cd c9 c9 07 06"].map(
    (digits): Case => ({
      section: "7692 7.2.2",
      says: `${digits} decompresses to nothing`,
      frames: [compressed(2, hex(digits))],
      ...invalid,
    }),
  ),
  {
    section: "7692 7.2.2",
    says: "a reference to before the first octet is refused",
    frames: [compressed(2, hex("f2 00 11 00 00"))],
    ...invalid,
  },
  {
    section: "7692 7.1.2",
    says: "a reference within the agreed window is followed",
    deflate: { clientMaxWindowBits: 15, serverMaxWindowBits: 15 },
    frames: [compressed(2, deflated(distant)), compressed(2, referring)],
    heard: [distant, Buffer.from("repetition")],
  },
  {
    section: "7692 7.1.2",
    says: "a reference beyond the agreed window is refused",
    deflate: { clientMaxWindowBits: 8, serverMaxWindowBits: 8 },
    frames: [compressed(2, deflated(distant)), compressed(2, referring)],
    heard: [distant],
    ends: { fails: 1007 },
  },
  ...["ff", "c3", "ed a0 80"].map(
    (digits): Case => ({
      section: "6455 8.1",
      says: `a text that decompresses to ${digits} is refused`,
      frames: [compressed(1, deflated(hex(digits)))],
      ...invalid,
    }),
  ),
  {
    section: "6455 8.1",
    says: "a long text that goes wrong when it is decompressed is refused before it ends",
    frames: [frame(RSV1 | 1, deflated(Buffer.concat([Buffer.from("é".repeat(20_000)), hex("ff")])))],
    ...invalid,
  },
  {
    section: "6455 10.4",
    says: "a message may decompress to as much as the limit",
    deflate,
    limits: { messageBytes: 100_000 },
    frames: [compressed(2, deflated(Buffer.alloc(100_000)))],
    heard: [Buffer.alloc(100_000)],
  },
  {
    section: "6455 10.4",
    says: "a message that decompresses to more than the limit is refused",
    deflate,
    limits: { messageBytes: 100_000 },
    frames: [compressed(2, deflated(Buffer.alloc(100_001)))],
    ends: { fails: 1009 },
  },
  {
    section: "6455 10.4",
    says: "fragments that decompress to more than the limit are refused before the last",
    deflate,
    limits: { messageBytes: 100_000 },
    frames: [
      frame(RSV1 | 2, Buffer.concat([deflated(Buffer.alloc(60_000)), hex("00 00 ff ff")])),
      frame(0, deflated(Buffer.alloc(60_000))),
    ],
    ends: { fails: 1009 },
  },
  {
    section: "6455 10.4",
    says: "so much compressed data as the limit could not take is refused as it is announced",
    deflate,
    limits: { messageBytes: 1_000 },
    frames: [compressed(2, Buffer.alloc(0), { length: { octets: 8, says: 1_000_000n } })],
    ends: { fails: 1009 },
  },
];

/** Octets that no compressor makes much smaller, the same every time. */
function randomLooking(length: number): Buffer {
  let state = 42;
  const octets = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    octets[index] = state >>> 16;
  }
  return octets;
}
