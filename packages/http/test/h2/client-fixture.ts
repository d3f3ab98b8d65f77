import { Http2Client, type Http2Stream, type StreamFailure } from "../../src/h2/index.ts";
import { framesOf, settings, type SeenFrame } from "./server-frames.ts";

/** A client without a connection, and a record of all that it tells. */
export interface ClientFixture {
  readonly client: Http2Client;
  /** One line for each event, in order. */
  readonly told: string[];
  /** Feeds it, whole. */
  readonly feed: (...pieces: readonly Uint8Array[]) => void;
  /** The frames that it wrote since. */
  readonly written: () => readonly SeenFrame[];
  /** Opens a request; what comes of it is told under its number. */
  readonly open: (request?: {
    readonly isHead?: boolean;
    readonly isSent?: boolean;
    readonly isTunnel?: boolean;
    readonly reads?: boolean;
  }) => Http2Stream;
  /** Moves the time. */
  now: number;
}

/** Makes a client whose peer has sent its SETTINGS. */
export function clientFixture({ greeted = true } = {}): ClientFixture {
  const told: string[] = [];
  const client = new Http2Client({
    onOutput: () => undefined,
    onCapacity: () => undefined,
    onGoAway: (code) => told.push(`goaway ${String(code)}`),
    onPong: () => told.push("pong"),
    onFault: (fault) => told.push(`fault ${fault.flood === undefined ? "" : `${fault.flood}: `}${fault.message}`),
  });
  const fixture: ClientFixture = {
    client,
    told,
    now: 0,
    feed: (...pieces) => {
      for (const piece of pieces) client.receive(piece, fixture.now);
    },
    written: () => framesOf(Buffer.concat(client.takeOutput())),
    open: ({ isHead = false, isSent = true, isTunnel = false, reads = true } = {}) => {
      const name = (): string => String(stream.id);
      const stream: Http2Stream = client.open(
        [":method", isHead ? "HEAD" : "GET", ":scheme", "https", ":authority", "a.test", ":path", "/"],
        { isHead, isSent, isTunnel },
        {
          onHead: (status, fields) => told.push(`${name()} head ${[status, ...fields].join(" ")}`),
          onData: (bytes) => {
            told.push(`${name()} data ${Buffer.from(bytes).toString("latin1")}`);
            if (reads) stream.read(bytes.length);
          },
          onEnd: (trailers) => told.push([name(), "end", ...trailers].join(" ")),
          onFailed: (failure) => told.push(`${name()} failed ${describe(failure)}`),
          onSendable: () => told.push(`${name()} sendable`),
        },
      );
      return stream;
    },
  };
  if (greeted) fixture.feed(settings());
  client.takeOutput();
  return fixture;
}

function describe(failure: StreamFailure): string {
  if (failure.type === "malformed") return `malformed: ${failure.detail}`;
  return failure.type === "reset" ? `reset ${failure.code}` : failure.type;
}
