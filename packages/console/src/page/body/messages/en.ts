import type { BodyMessages } from "./messages.ts";

const number = new Intl.NumberFormat("en");
const counted = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${number.format(count)} ${many}`;

/** What a body's view says, in English. */
export const body: BodyMessages = {
  modes: { json: "JSON", text: "Text", image: "Image", hex: "Bytes" },
  mode: "Show the body as",
  loading: "Reading the body…",
  empty: "The body is empty.",
  notKept: "The body is not kept",
  notKeptHint: "It was too large, or made room for newer ones.",
  failed: "The body could not be read",
  save: "Save the body",
  image: (type) => `The image that came as the body, ${type}`,
  brokenImage: "This image cannot be shown; look at its bytes.",
  invalidJson: (reason) => `This is no JSON: ${reason}`,
  items: (count) => counted(count, "item", "items"),
  members: (count) => counted(count, "member", "members"),
  openAll: "Open all",
  closeAll: "Close all",
  moreLines: (left) => `Show more lines (${left} left)`,
  moreCharacters: (left) => `${left} more characters`,
  lines: (count) => counted(count, "line", "lines"),
  encoding: (name) => name.toUpperCase(),
  bytes: "Bytes",
};
