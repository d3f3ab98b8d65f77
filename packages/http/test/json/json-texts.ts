import fc from "fast-check";

/** Texts that JSON.stringify writes. */
export const jsonTexts = fc.json();

/** Such texts with a piece left out, doubled or put in. */
export const mutatedJsonTexts = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom(
      "",
      ",",
      ":",
      "[",
      "]",
      "{",
      "}",
      '"',
      "\\",
      "\\u0061",
      "0",
      "-",
      "1e5",
      ".",
      "\n",
      "\0",
      " ",
      "nul",
    ),
  )
  .map(([text, where, length, put]) => {
    const at = where % (text.length + 1);
    return text.slice(0, at) + put + text.slice(at + length);
  });

/** Ways to write a name in quotes: as JSON.stringify does, and with all of its characters escaped. */
export const spelledName: fc.Arbitrary<(name: string) => string> = fc.constantFrom(
  (name: string) => JSON.stringify(name),
  (name: string) => `"${Array.from({ length: name.length }, (_, at) => escaped(name.charCodeAt(at))).join("")}"`,
);

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
