/** What of an event is sent; see {@link formatEvent}. */
export interface OutgoingEvent {
  /** Any text: its lines become one field each, and the reader joins them with line feeds. */
  readonly data?: string | undefined;
  /** What listeners ask for; `message` for the reader when it is left out. */
  readonly event?: string | undefined;
  /** What a client that comes back says in Last-Event-ID; empty forgets it. */
  readonly id?: string | undefined;
  /** Milliseconds before the client connects again. */
  readonly retry?: number | undefined;
}

/**
 * Formats an event, so that its reader sees what was given and nothing else: no text can begin a field or an event of its
 * own. Without data the reader takes in the id and the time, and no listener hears of it.
 *
 * @returns `undefined` when `event` or `id` holds a line break, `id` a NUL (readers ignore such), or `retry` is no whole
 * number of milliseconds.
 * @see WHATWG HTML sections 9.2.5 and 9.2.6
 */
export function formatEvent({ data, event, id, retry }: OutgoingEvent): string | undefined {
  let text = "";
  if (event !== undefined) {
    if (LINE_BREAK.test(event)) return undefined;
    text += `event: ${event}\n`;
  }
  if (id !== undefined) {
    if (LINE_BREAK.test(id) || id.includes("\0")) return undefined;
    text += `id: ${id}\n`;
  }
  if (retry !== undefined) {
    if (!Number.isSafeInteger(retry) || retry < 0) return undefined;
    text += `retry: ${String(retry)}\n`;
  }
  if (data !== undefined) text += fieldLines("data: ", data);
  return `${text}\n`;
}

/** Formats a comment, which readers pass over: it shows those between that the connection is alive. */
export function formatComment(comment: string): string {
  return `${fieldLines(": ", comment)}\n`;
}

const LINE_BREAK = /[\r\n]/;
const LINE_BREAKS = /\r\n|\r|\n/;

function fieldLines(prefix: string, text: string): string {
  if (!LINE_BREAK.test(text)) return `${prefix}${text}\n`;
  return `${text
    .split(LINE_BREAKS)
    .map((line) => prefix + line)
    .join("\n")}\n`;
}
