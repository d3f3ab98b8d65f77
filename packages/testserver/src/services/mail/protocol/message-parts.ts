/** A message of which each character stands for a byte. */
export interface MessageParts {
  /** Ends with the empty line. */
  readonly header: string;
  readonly body: string;
}

/** Splits a message at its first empty line. RFC 5322 section 2.1. */
export function splitMessage(message: string): MessageParts {
  const end = message.indexOf("\r\n\r\n");
  return end === -1
    ? { header: message, body: "" }
    : { header: message.slice(0, end + 4), body: message.slice(end + 4) };
}

/** The fields of a header, each with its line end, folded as it came. */
export function headerFields(header: string): readonly { readonly name: string; readonly text: string }[] {
  return header
    .split(/\r\n(?![ \t])/)
    .filter((text) => text.includes(":"))
    .map((text) => ({ name: text.slice(0, text.indexOf(":")).toLowerCase(), text: `${text}\r\n` }));
}

/** The value of the first field of a name, unfolded; `undefined` where there is none. */
export function headerValue(header: string, name: string): string | undefined {
  const text = headerFields(header).find((field) => field.name === name)?.text;
  return text
    ?.slice(name.length + 1)
    .replace(/\r\n/g, "")
    .trim();
}
