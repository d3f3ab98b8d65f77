import { ProtocolError } from "@fairlead/core";
import { Http1RequestParser, type Http1RequestLimits } from "@fairlead/http/h1";

/** A request, as a parser told it. */
export interface ToldRequest {
  readonly version: string;
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly upgrade: string | undefined;
  readonly expectsContinue: boolean;
  readonly keepsConnection: boolean;
  body: string;
  trailers: readonly string[];
  /** Whether all of it has come. */
  isWhole: boolean;
}

/** What a parser told of everything that it was fed. */
export interface ToldRequests {
  readonly requests: readonly ToldRequest[];
  /** `400 REQUEST_MALFORMED (what is wrong)`. */
  readonly refusal: string | undefined;
  /** Whether nothing more has come than what was told. */
  readonly isBetween: boolean;
}

/** Feeds pieces to a new parser, one after another, and tells what came of it. */
export function feedRequests(pieces: Iterable<Uint8Array>, limits: Partial<Http1RequestLimits> = {}): ToldRequests {
  const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
    Buffer.from(bytes).toString("latin1", start, end);
  const parser = new Http1RequestParser({ scheme: "http", peer: "192.0.2.1:4000", latin1, limits });
  const requests: ToldRequest[] = [];
  for (const bytes of pieces) {
    let at = 0;
    for (let isOver = false; !isOver; ) {
      const event = parser.read(bytes, at);
      at += parser.taken;
      const last = requests.at(-1);
      switch (event.type) {
        case "need-data":
          isOver = true;
          break;
        case "head": {
          const { version, method, authority, path, fields, upgrade, expectsContinue, keepsConnection } = event.head;
          const head = { version, method, authority, path, fields, upgrade, expectsContinue, keepsConnection };
          requests.push({ ...head, body: "", trailers: [], isWhole: event.head.framing === 0 });
          break;
        }
        case "content":
          if (last !== undefined) last.body += latin1(event.bytes, 0, event.bytes.length);
          break;
        case "end":
          if (last !== undefined) Object.assign(last, { trailers: event.trailers, isWhole: true });
          break;
        case "refused":
          return { requests, refusal: `${String(event.status)} ${describe(event.error)}`, isBetween: false };
      }
    }
  }
  return { requests, refusal: undefined, isBetween: parser.isBetween };
}

function describe(error: unknown): string {
  if (!(error instanceof ProtocolError)) throw error;
  const detail = /\((.*)\)/.exec(error.message)?.[1];
  return detail === undefined ? error.code : `${error.code} (${detail})`;
}
