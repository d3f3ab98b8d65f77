import { ProtocolError } from "@fairlead/core";
import { Http1ResponseParser, listFields, type Http1Limits, type ResponseContext } from "@fairlead/http/h1";

/** What a parser told, in an order that does not depend on how it was fed: pieces of one body are joined. */
export interface Told {
  readonly events: readonly unknown[];
  readonly body: string;
  /** `undefined` when the response has not ended. */
  readonly reusable: boolean | undefined;
  /** `code` or `code (detail)`. */
  readonly error: string | undefined;
  /** Bytes that were read. */
  readonly taken: number;
}

export const GET: ResponseContext = { method: "GET", upgrade: false };

export interface Feeding {
  readonly context?: ResponseContext;
  readonly limits?: Partial<Http1Limits>;
  /** Whether the stream ends after the last piece; it does by default. */
  readonly ends?: boolean;
}

/** Feeds pieces to a new parser and tells what came of it. */
export function feed(pieces: Iterable<Uint8Array>, { context = GET, limits = {}, ends = true }: Feeding = {}): Told {
  const events: unknown[] = [];
  let body = "";
  let reusable: boolean | undefined;
  const parser = new Http1ResponseParser(
    {
      onInterim: (head) => events.push(["interim", head.status, listFields(head.fieldLines)]),
      onHead: (head) => {
        events.push(["head", head.minorVersion, head.status, head.reason, listFields(head.fieldLines), head.fields]);
      },
      onBody: (piece) => (body += Buffer.from(piece).toString("latin1")),
      onEnd: (trailers, isReusable) => {
        events.push(["end", trailers]);
        reusable = isReusable;
      },
      onUpgrade: (head) => events.push(["upgrade", head.status]),
    },
    { peer: "a.example:80", limits, latin1: (bytes, start, end) => Buffer.from(bytes).toString("latin1", start, end) },
  );
  parser.begin(context);
  let taken = 0;
  try {
    for (const piece of pieces) {
      const read = parser.read(piece);
      taken += read;
      if (read < piece.length || parser.isIdle) return { events, body, reusable, error: undefined, taken };
    }
    if (ends) parser.end();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const detail = /\((.*)\)/.exec(error.message)?.[1];
    return { events, body, reusable, error: detail === undefined ? error.code : `${error.code} (${detail})`, taken: 0 };
  }
  return { events, body, reusable, error: undefined, taken };
}

export const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** A whole response in one piece. */
export function feedText(text: string, feeding?: Feeding): Told {
  return feed([latin1(text)], feeding);
}

/** The same, a byte at a time. */
export function feedBytes(bytes: Uint8Array, feeding?: Feeding): Told {
  return feed(
    Array.from(bytes, (byte) => Uint8Array.of(byte)),
    feeding,
  );
}
