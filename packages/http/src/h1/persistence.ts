import type { ResponseFields } from "./response-head.ts";

/**
 * Tells whether the sender of a message lets its connection serve another request.
 *
 * @see RFC 9112 section 9.3
 */
export function keepsConnection(minorVersion: 0 | 1, connection: string | readonly string[] | undefined): boolean {
  if (connection === undefined) return minorVersion === 1;
  const options = String(connection);
  if (hasOption(options, CLOSE)) return false;
  return minorVersion === 1 || hasOption(options, KEEP_ALIVE);
}

/**
 * How long the server says that it keeps an unused connection, in milliseconds; `undefined` when it does not say.
 *
 * @see RFC 2068 section 19.7.1.1, whose `timeout` parameter is all that is left of the field
 */
export function keepAliveMilliseconds(fields: ResponseFields): number | undefined {
  const keepAlive = fields["keep-alive"];
  if (keepAlive === undefined) return undefined;
  const seconds = TIMEOUT.exec(String(keepAlive))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

const CLOSE = /(?:^|[\t ,])close(?:[\t ,]|$)/i;
const KEEP_ALIVE = /(?:^|[\t ,])keep-alive(?:[\t ,]|$)/i;
const TIMEOUT = /(?:^|[\t ,])timeout=(\d{1,6})(?:[\t ,]|$)/i;

function hasOption(options: string, option: RegExp): boolean {
  return option.test(options);
}
