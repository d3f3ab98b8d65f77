import { binary, type Case, FIN, fragments, frame, ping, text } from "./case.ts";

const tooMuch = { ends: { fails: 1009 } } as const;

/** RFC 6455 section 10.4. */
export const limitCases: readonly Case[] = [
  {
    section: "6455 10.4",
    says: "a message may be as large as the limit",
    limits: { messageBytes: 10 },
    frames: [text("0123456789"), ...fragments(2, "01234", "56789")],
    heard: ["0123456789", Buffer.from("0123456789")],
  },
  {
    section: "6455 10.4",
    says: "a message over the limit is refused",
    limits: { messageBytes: 10 },
    frames: [text("0123456789!")],
    ...tooMuch,
  },
  {
    section: "6455 10.4",
    says: "what is announced is enough to refuse it",
    limits: { messageBytes: 70_000 },
    frames: [binary("", { length: { octets: 8, says: 70_001n } })],
    ...tooMuch,
  },
  {
    section: "6455 10.4",
    says: "fragments count together",
    limits: { messageBytes: 10 },
    frames: fragments(1, "01234", "56789", "!"),
    ...tooMuch,
  },
  {
    section: "6455 10.4",
    says: "the limit is for each message",
    limits: { messageBytes: 5 },
    frames: [...fragments(1, "01", "234"), ...fragments(1, "012", "34"), text("01234")],
    heard: ["01234", "01234", "01234"],
  },
  {
    section: "6455 10.4",
    says: "a frame over the limit for frames is refused",
    limits: { frameBytes: 4 },
    frames: [...fragments(1, "0123", "4567"), text("01234")],
    heard: ["01234567"],
    ...tooMuch,
  },
  {
    section: "6455 10.4",
    says: "more fragments than the limit are refused, however empty",
    limits: { fragments: 3 },
    frames: [...fragments(1, "", "", "a"), ...fragments(1, "", "", "", "a")],
    heard: ["a"],
    ...tooMuch,
  },
  {
    section: "6455 10.4",
    says: "control frames are no fragments",
    limits: { fragments: 2, messageBytes: 2 },
    frames: [frame(1, "a"), ping("1"), ping("2"), ping("3"), frame(FIN, "b")],
    heard: [["ping", "1"], ["ping", "2"], ["ping", "3"], "ab"],
    sent: ["1", "2", "3"].map((each) => [FIN | 10, Buffer.from(each)]),
  },
];
