/** Longer ids are the server's mistake, and would have it refuse every further request. */
const ID_LIMIT_BYTES = 8 * 1024;

/**
 * What `Last-Event-ID` says, a character a byte; `undefined` for what there is not, or no field can hold.
 *
 * @see WHATWG HTML section 9.2.3
 */
export function lastEventIdField(id: string): string | undefined {
  const value = Buffer.from(id, "utf8").toString("latin1");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return value === "" || value.length > ID_LIMIT_BYTES || /[\0-\x08\x0a-\x1f\x7f]/.test(value) ? undefined : value;
}
