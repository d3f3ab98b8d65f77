import type { Duplex } from "node:stream";

const HEAD_END = Buffer.from("\r\n\r\n");
const CONTINUE = Buffer.from("HTTP/1.1 100");
/** Position of the first digit of the status. */
const STATUS_DIGIT = 9;
const DIGIT_ONE = 0x31;
/** A `100 (Continue)` that is longer goes to the engine, which refuses it. */
const HEAD_LIMIT_BYTES = 16 * 1024;

/** What the filter has to know of the exchange under way, and what it tells. */
export interface ContinueWatch {
  /** Whether the next byte is the first of a response. */
  readonly awaitsHead: boolean;
  /** The peer has answered with something that is not passed on, or not yet. */
  heard(): void;
}

/**
 * Takes each `100 (Continue)` out of what a stream gives to `read()`. A client must be able to parse interim responses
 * that it did not ask for (RFC 9110 section 15.2); undici passes the others on, and breaks the connection at this one.
 */
export function skipContinue<Stream extends Duplex>(stream: Stream, watch: () => ContinueWatch | undefined): Stream {
  const read = stream.read.bind(stream) as (size?: number) => Buffer | null;
  let held: Buffer | undefined;

  stream.read = (size?: number): Buffer | null => {
    const chunk = read(size);
    if (chunk === null || (held === undefined && !mayContinue(chunk))) return chunk;
    const exchange = watch();
    if (exchange?.awaitsHead !== true) return chunk;
    const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
    const rest = withoutContinue(bytes);
    const isPart = rest.length > 0 && rest.length < HEAD_LIMIT_BYTES && startsContinue(rest);
    held = isPart ? rest : undefined;
    if (isPart || rest.length < bytes.length) exchange.heard();
    return isPart || rest.length === 0 ? null : rest;
  };
  return stream;
}

/** Cheap, since every first chunk of a response is asked. */
function mayContinue(chunk: Buffer): boolean {
  return chunk.length <= STATUS_DIGIT || chunk[STATUS_DIGIT] === DIGIT_ONE;
}

/** Whether the bytes, as far as they go, are those of a `100`. */
function startsContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, CONTINUE.length);
  return bytes.compare(CONTINUE, 0, length, 0, length) === 0;
}

function withoutContinue(bytes: Buffer): Buffer {
  let rest = bytes;
  while (rest.length >= CONTINUE.length && startsContinue(rest)) {
    const end = rest.indexOf(HEAD_END);
    if (end === -1) return rest;
    rest = rest.subarray(end + HEAD_END.length);
  }
  return rest;
}
