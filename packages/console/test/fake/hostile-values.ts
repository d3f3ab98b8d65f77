/** What a hostile program puts in place of a member. */
export interface HostileValue {
  readonly name: string;
  readonly value: unknown;
  /** It takes the place of texts alone; the others take that of anything. */
  readonly isText: boolean;
}

const script = "globalThis.__ran=true";

/** Texts that would be more than text for who does not look, and values that are of no type that was agreed on. */
export const hostileValues: readonly HostileValue[] = [
  { name: "markup", value: `"'><img src=x onerror="${script}"><script>${script}</script>`, isText: true },
  { name: "a script as a URL", value: `javascript:${script}//`, isText: true },
  { name: "data as a URL", value: `data:text/html,<script>${script}</script>`, isText: true },
  { name: "a URL of another site", value: "https://user:secret@elsewhere.example/\\@x?q#f", isText: true },
  {
    name: "directions and nothing to be seen",
    value: "\u202e\u2066\0\u200b\r\n\u2028\ud800 \u05d0/\u0661",
    isText: true,
  },
  { name: "64 KiB", value: "<b>\u202e".repeat(16_384), isText: true },
  { name: "the name of what all objects have", value: "__proto__", isText: true },
  { name: "a list", value: [], isText: false },
  { name: "an object with a prototype", value: JSON.parse('{"__proto__":{"type":"hello"},"length":9}'), isText: false },
  { name: "a number", value: -1e300, isText: false },
  { name: "nothing", value: null, isText: false },
  { name: "a text", value: "constructor", isText: false },
];

/**
 * A message in which a value stands in the place of every text, or of every member in turn, by levels: what is around it
 * has to be read for it to be reached.
 */
export function spoilt(message: unknown, value: unknown, isText: boolean): unknown {
  if (isText) return withTexts(message, String(value));
  return withMembers(message, value);
}

/** Words in small letters choose among what the page knows; each of them is spoilt where any member is. */
function withTexts(message: unknown, text: string): unknown {
  if (typeof message === "string") return /^[a-z][a-z-]{0,23}$/.test(message) ? message : text;
  if (typeof message !== "object" || message === null) return message;
  if (Array.isArray(message)) return message.map((each: unknown) => withTexts(each, text));
  return Object.fromEntries(Object.entries(message).map(([name, each]) => [name, withTexts(each, text)]));
}

/** All members but what tells the message's kind. */
function withMembers(message: unknown, value: unknown): unknown {
  if (typeof message !== "object" || message === null) return value;
  if (Array.isArray(message)) return [value, ...message.map((each: unknown) => withMembers(each, value))];
  return Object.fromEntries(
    Object.entries(message).map(([name, each]) => [name, name === "type" || name === "id" ? each : value]),
  );
}
