import {
  Http2Server,
  type Http2Fault,
  type Http2ServerOptions,
  type Http2ServerStream,
  type ReceivedRequest,
} from "../../src/h2/index.ts";
import { frame, framesOf, headers, settings, SETTINGS, ACK, END_STREAM, type SeenFrame } from "./server-frames.ts";

export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** A server without a connection, and a record of all that it tells. */
export interface ServerFixture {
  readonly server: Http2Server;
  /** One line for each event, in order. */
  readonly told: string[];
  readonly faults: Http2Fault[];
  readonly requests: { readonly stream: Http2ServerStream; readonly request: ReceivedRequest }[];
  /** Feeds it, whole. */
  readonly feed: (...pieces: readonly Uint8Array[]) => void;
  /** The frames that it wrote since. */
  readonly written: () => readonly SeenFrame[];
  /** Moves the time. */
  now: number;
}

export const LIMITS: Http2ServerOptions = {
  targetBytes: 1_000,
  fieldsBytes: 4_000,
  fields: 50,
  concurrentStreams: 100,
};

/** Makes a server whose client has sent its preface and SETTINGS. */
export function serverFixture({
  greeted = true,
  reads = true,
  limits = {},
  onRequest = (): void => undefined,
}: {
  readonly greeted?: boolean;
  readonly reads?: boolean;
  readonly limits?: Partial<Http2ServerOptions>;
  readonly onRequest?: (stream: Http2ServerStream) => void;
} = {}): ServerFixture {
  const told: string[] = [];
  const faults: Http2Fault[] = [];
  const requests: ServerFixture["requests"] = [];
  const server = new Http2Server(
    { ...LIMITS, ...limits },
    {
      onOutput: () => undefined,
      onGoAway: (code) => told.push(`goaway ${String(code)}`),
      onPong: () => told.push("pong"),
      onFault: (fault) => {
        faults.push(fault);
        told.push(`fault ${fault.message}`);
      },
      onRefused: (stream, refusal) => told.push(`refused ${String(stream?.id)} ${refusal.type}`),
      onRequest: (stream, request) => {
        const name = String(stream.id);
        told.push(`${name} ${request.method} ${request.path}`);
        requests.push({ stream, request });
        onRequest(stream);
        return {
          onData: (bytes) => {
            told.push(`${name} data ${Buffer.from(bytes).toString("latin1")}`);
            if (reads) stream.read(bytes.length);
          },
          onEnd: (trailers) => told.push([name, "end", ...trailers].join(" ")),
          onFailed: (failure) =>
            told.push(`${name} failed ${failure.type} ${failure.type === "reset" ? failure.code : failure.detail}`),
          onSendable: () => told.push(`${name} sendable`),
        };
      },
    },
  );
  const fixture: ServerFixture = {
    server,
    told,
    faults,
    requests,
    now: 0,
    feed: (...pieces) => {
      for (const piece of pieces) server.receive(piece, fixture.now);
    },
    written: () => framesOf(Buffer.concat(server.takeOutput())),
  };
  if (greeted) {
    fixture.feed(PREFACE, settings(), frame(SETTINGS, ACK, 0));
    server.takeOutput();
  }
  return fixture;
}

/** The head of a request. */
export function request(stream: number, method: string, flags = END_STREAM, ...fields: readonly string[]): Buffer {
  return headers(stream, flags, ":method", method, ":scheme", "https", ":authority", "a.test", ":path", "/", ...fields);
}
