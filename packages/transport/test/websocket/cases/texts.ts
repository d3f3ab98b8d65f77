import { binary, type Case, FIN, fragments, frame, hex, text } from "./case.ts";

const invalid = { ends: { fails: 1007 } } as const;

const valid = [
  ["the least and greatest of one octet", "00 7f"],
  ["the least of two octets", "c2 80"],
  ["the greatest of two octets", "df bf"],
  ["the least of three octets", "e0 a0 80"],
  ["what is before the surrogates", "ed 9f bf"],
  ["what is behind the surrogates", "ee 80 80"],
  ["U+FFFD itself", "ef bf bd"],
  ["U+FFFF, which is no character", "ef bf bf"],
  ["the least of four octets", "f0 90 80 80"],
  ["the greatest there is", "f4 8f bf bf"],
  ["a byte order mark, which stays", "ef bb bf 61"],
] as const;

const wrong = [
  ["a continuation alone", "80"],
  ["the last continuation alone", "bf"],
  ["an overlong U+0000 in two", "c0 80"],
  ["an overlong U+007F in two", "c1 bf"],
  ["an overlong U+07FF in three", "e0 9f bf"],
  ["an overlong U+FFFF in four", "f0 8f bf bf"],
  ["the first surrogate", "ed a0 80"],
  ["the last surrogate", "ed bf bf"],
  ["a pair of surrogates", "ed a0 bd ed b8 80"],
  ["U+110000", "f4 90 80 80"],
  ["five octets", "f8 88 80 80 80"],
  ["six octets", "fc 84 80 80 80 80"],
  ["fe", "fe"],
  ["ff", "ff"],
  ["a letter where a continuation belongs", "c3 61"],
  ["a letter where the third octet belongs", "e2 82 61"],
  ["a beginning where a continuation belongs", "f0 9f c3 a9"],
] as const;

const cutOff = [
  ["two octets", "61 c3"],
  ["three octets, one missing", "61 e2 82"],
  ["three octets, two missing", "61 e2"],
  ["four octets, one missing", "61 f0 9f 98"],
  ["four octets, three missing", "61 f0"],
] as const;

/** So much before it that a platform's own check has its share. */
const long = Buffer.from("é".repeat(100));

/** RFC 6455 sections 5.6 and 8.1. */
export const textCases: readonly Case[] = [
  ...valid.map(
    ([says, digits]): Case => ({
      section: "6455 5.6",
      says: `a text may hold ${says}`,
      frames: [text(hex(digits))],
      heard: [hex(digits).toString()],
    }),
  ),
  ...valid.map(
    ([says, digits]): Case => ({
      section: "6455 5.4",
      says: `${says} may be cut anywhere by fragments`,
      frames: fragments(1, long, ...[...hex(digits)].map((octet) => Buffer.of(octet)), long),
      heard: [Buffer.concat([long, hex(digits), long]).toString()],
    }),
  ),
  ...wrong.flatMap(([says, digits]): readonly Case[] => [
    { section: "6455 8.1", says: `a text of ${says} is refused`, frames: [text(hex(digits))], ...invalid },
    {
      section: "6455 8.1",
      says: `${says} is refused in a long text`,
      frames: [text(Buffer.concat([long, hex(digits), long]))],
      ...invalid,
    },
    {
      section: "6455 8.1",
      says: `${says} is refused in fragments, before the message ends`,
      frames: [frame(1, long), ...[...hex(digits)].map((octet) => frame(0, Buffer.of(octet))), frame(0, "more")],
      ...invalid,
    },
  ]),
  ...cutOff.flatMap(([says, digits]): readonly Case[] => [
    {
      section: "6455 8.1",
      says: `a text that ends within ${says} is refused`,
      frames: [text(hex(digits))],
      ...invalid,
    },
    {
      section: "6455 8.1",
      says: `a fragmented text that ends within ${says} is refused`,
      frames: [...fragments(1, long, hex(digits), "")],
      ...invalid,
    },
  ]),
  {
    section: "6455 5.6",
    says: "a binary message may hold anything",
    frames: [binary(hex("ff c0 80 ed a0 80"))],
    heard: [hex("ff c0 80 ed a0 80")],
  },
  {
    section: "6455 8.1",
    says: "a text that is refused takes nothing from what came before it",
    frames: [text("good"), frame(FIN | 1, hex("ff"))],
    heard: ["good"],
    ...invalid,
  },
];
