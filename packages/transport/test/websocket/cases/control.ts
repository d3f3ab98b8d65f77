import { binary, type Case, close, FIN, frame, hex, ping, pong, text } from "./case.ts";

const broken = { ends: { fails: 1002 } } as const;
const most = Buffer.alloc(125, "\xfe\x01", "latin1");

/** RFC 6455 sections 5.5.2 and 5.5.3. */
const pings: readonly Case[] = [
  ...[Buffer.alloc(0), Buffer.from("x"), most].map(
    (payload): Case => ({
      section: "6455 5.5.3",
      says: `a ping of ${String(payload.length)} octets is answered by a pong with the same`,
      frames: [ping(payload)],
      heard: [["ping", payload.toString()]],
      sent: [[FIN | 10, payload]],
    }),
  ),
  {
    section: "6455 5.5.3",
    says: "several pings are answered in their order",
    frames: [ping("1"), ping("2"), ping("3")],
    heard: [
      ["ping", "1"],
      ["ping", "2"],
      ["ping", "3"],
    ],
    sent: ["1", "2", "3"].map((each) => [FIN | 10, Buffer.from(each)]),
  },
  {
    section: "6455 5.5.3",
    says: "a pong that nobody asked for is not answered",
    frames: [pong("unasked"), text("a")],
    heard: [["pong", "unasked"], "a"],
  },
  ...[8, 9, 10].flatMap((opcode): readonly Case[] => [
    {
      section: "6455 5.5",
      says: `a control frame ${String(opcode)} of 126 octets is refused`,
      frames: [frame(FIN | opcode, Buffer.alloc(126))],
      ...broken,
    },
    {
      section: "6455 5.5",
      says: `a control frame ${String(opcode)} with a length of two more octets is refused, however short`,
      frames: [frame(FIN | opcode, "ab", { length: { octets: 2, says: 2n } })],
      ...broken,
    },
    {
      section: "6455 5.5",
      says: `a control frame ${String(opcode)} must not be fragmented`,
      frames: [frame(opcode, "\x03\xe8"), frame(FIN, "b")],
      ...broken,
    },
  ]),
];

const sendable = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const unsendable = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

/** RFC 6455 sections 5.5.1 and 7. */
const closes: readonly Case[] = [
  {
    section: "6455 7.1.5",
    says: "a Close without a code is 1005, and answered by one without a code",
    frames: [frame(FIN | 8)],
    ends: { close: 1005 },
  },
  ...sendable.map(
    (code): Case => ({
      section: "6455 7.4",
      says: `a Close may say ${String(code)}, and is answered by the same`,
      frames: [close(code, "because")],
      ends: { close: code, reason: "because" },
    }),
  ),
  ...unsendable.map(
    (code): Case => ({
      section: "6455 7.4",
      says: `a Close must not say ${String(code)}`,
      frames: [close(code)],
      ...broken,
    }),
  ),
  {
    section: "6455 5.5.1",
    says: "a Close of one octet has half a code, and is refused",
    frames: [frame(FIN | 8, Buffer.of(3))],
    ...broken,
  },
  {
    section: "6455 5.5.1",
    says: "a reason has up to 123 octets",
    frames: [close(1000, "r".repeat(123))],
    ends: { close: 1000, reason: "r".repeat(123) },
  },
  {
    section: "6455 5.5.1",
    says: "a reason is UTF-8",
    frames: [close(4000, "wég €😀")],
    ends: { close: 4000, reason: "wég €😀" },
  },
  ...["80", "c3", "ed a0 80", "f4 90 80 80"].map(
    (digits): Case => ({
      section: "6455 8.1",
      says: `a reason of ${digits} is no UTF-8`,
      frames: [close(1000, hex(digits))],
      ends: { fails: 1007 },
    }),
  ),
  ...(
    [
      ["a message", text("late")],
      ["a ping", ping("late")],
      ["another Close", close(1002)],
      ["a frame that breaks rules", frame(0x7f, "late")],
      ["what is no frame", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ] as const
  ).map(
    ([says, late]): Case => ({
      section: "6455 5.5.1",
      says: `behind a Close ${says} is passed over`,
      frames: [close(1000), late],
      ends: { close: 1000 },
    }),
  ),
  {
    section: "6455 7.1.1",
    says: "what came before a Close is told",
    frames: [text("a"), binary("b"), close(1000)],
    heard: ["a", Buffer.from("b")],
    ends: { close: 1000 },
  },
];

/** RFC 6455 sections 7.1.5 and 7.1.7. */
const abrupt: readonly Case[] = [
  { section: "6455 7.1.5", says: "a stream that ends without a Close is 1006", frames: [], ends: "abruptly" },
  {
    section: "6455 7.1.5",
    says: "a stream that ends behind a message is 1006",
    frames: [text("a")],
    heard: ["a"],
    ends: "abruptly",
  },
  ...(
    [
      ["within a head", [Buffer.of(0x81)]],
      ["within a length", [Buffer.of(0x82, 0xff, 0, 0)]],
      ["within a message", [frame(1, "a")]],
      ["within a Close", [frame(FIN | 8, Buffer.of(3), { length: { octets: 0, says: 2n } })]],
      ["within a payload", [text("ab", { length: { octets: 0, says: 3n } })]],
    ] as const
  ).map(
    ([says, frames]): Case => ({
      section: "6455 7.1.5",
      says: `a stream that ends ${says} is 1006`,
      frames,
      ends: "abruptly",
    }),
  ),
];

export const controlCases: readonly Case[] = [...pings, ...closes, ...abrupt];
