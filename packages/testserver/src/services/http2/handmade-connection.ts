import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { type Frame, FrameReader, FrameType, Flag, fieldBlock, frame, settings, uint32s } from "./frames.ts";

/** How a server in HTTP/2 behaves, frame by frame. */
export interface Behavior {
  /** What it says first, in place of SETTINGS with every default. */
  readonly greeting?: (connection: HandmadeConnection) => void;
  /** Whether it answers only when all of a request's body is there, not just its fields. */
  readonly waitsForBody?: boolean;
  /**
   * Answers a request, of which nothing is looked at.
   *
   * @param count how many requests came on this connection, this one included.
   */
  readonly answer: (connection: HandmadeConnection, stream: number, count: number) => void | Promise<void>;
  /** Whether a request is refused that begins before the one that is coming is whole. RFC 9113 section 5.1.2. */
  readonly takesOneStream?: boolean;
  /** Whether windows stay as they are, however much comes. */
  readonly keepsWindows?: boolean;
}

/** What is told of connections. */
export interface Watcher {
  /** A request came, or something else that is worth a line. */
  readonly said: (line: string) => void;
  readonly failed: (error: unknown) => void;
}

/** The body of every proper answer. */
export const greeting = "hello from frames made by hand\n";

/** The server's end of a connection in HTTP/2 whose frames are written one by one, so that any may be wrong. */
export class HandmadeConnection {
  readonly #socket: TLSSocket;
  readonly #behavior: Behavior;
  readonly #watcher: Watcher;
  readonly #reader = new FrameReader();
  #requests = 0;
  /** The stream whose request is not whole yet. */
  #coming: number | undefined;

  constructor(socket: TLSSocket, behavior: Behavior, watcher: Watcher) {
    this.#socket = socket;
    this.#behavior = behavior;
    this.#watcher = watcher;
    if (behavior.greeting === undefined) this.send(settings());
    else behavior.greeting(this);
    socket.on("data", (bytes: Buffer) => {
      const frames = this.#reader.read(bytes);
      if (frames === undefined) socket.destroy();
      else for (const each of frames) this.#take(each);
    });
  }

  /** Sends bytes as they are; false when the client is slow to take them. */
  send(...parts: readonly Uint8Array[]): boolean {
    return this.#socket.destroyed || this.#socket.write(Buffer.concat(parts));
  }

  /** Sends pieces for as long as there are some and the client takes them. Keeps no more than one that is not taken. */
  async pour(pieces: Iterable<Uint8Array>): Promise<void> {
    const gone = new AbortController();
    this.#socket.once("close", () => {
      gone.abort();
    });
    for (const piece of pieces) {
      if (this.#socket.destroyed) return;
      if (!this.send(piece)) await once(this.#socket, "drain", { signal: gone.signal }).catch(() => undefined);
    }
  }

  /** Answers with fields, by default those of a 200 with text. */
  fields(
    stream: number,
    fields: readonly (readonly [string, string])[] = okFields,
    flags: number = Flag.endHeaders,
  ): void {
    this.send(frame(FrameType.headers, flags, stream, fieldBlock(fields)));
  }

  data(stream: number, text: string, flags: number = Flag.endStream): void {
    this.send(frame(FrameType.data, flags, stream, Buffer.from(text)));
  }

  /** Answers as it should be. */
  hello(stream: number): void {
    this.fields(stream);
    this.data(stream, greeting);
  }

  reset(stream: number, code: number): void {
    this.send(frame(FrameType.rstStream, 0, stream, uint32s(code)));
  }

  /** Says that streams behind the last are not looked at. */
  goAway(last: number, code: number, debug = ""): void {
    this.send(frame(FrameType.goAway, 0, 0, Buffer.concat([uint32s(last, code), Buffer.from(debug)])));
  }

  end(): void {
    this.#socket.end();
  }

  #take({ type, flags, stream, payload }: Frame): void {
    switch (type) {
      case FrameType.settings:
        if ((flags & Flag.ack) === 0) this.send(frame(FrameType.settings, Flag.ack, 0));
        return;
      case FrameType.ping:
        if ((flags & Flag.ack) === 0) this.send(frame(FrameType.ping, Flag.ack, 0, payload));
        return;
      case FrameType.data:
        if ((flags & Flag.endStream) !== 0 && stream === this.#coming) this.#coming = undefined;
        if (this.#behavior.waitsForBody === true && (flags & Flag.endStream) !== 0) this.#answer(stream);
        if (payload.length === 0 || this.#behavior.keepsWindows === true) return;
        this.send(
          frame(FrameType.windowUpdate, 0, 0, uint32s(payload.length)),
          frame(FrameType.windowUpdate, 0, stream, uint32s(payload.length)),
        );
        return;
      case FrameType.headers:
      case FrameType.continuation: {
        // END_STREAM is a flag of HEADERS alone; the fields of a CONTINUATION are complete, which suffices here.
        const isWhole = type === FrameType.continuation || (flags & Flag.endStream) !== 0;
        if (this.#behavior.takesOneStream === true && this.#coming !== undefined && stream !== this.#coming) {
          this.reset(stream, refusedStream);
          return;
        }
        if (!isWhole) this.#coming = stream;
        if ((flags & Flag.endHeaders) !== 0 && (isWhole || this.#behavior.waitsForBody !== true)) this.#answer(stream);
        return;
      }
      case FrameType.goAway:
      case FrameType.rstStream:
        if (stream === this.#coming) this.#coming = undefined;
        this.#watcher.said(`${type === FrameType.goAway ? "GOAWAY" : "RST_STREAM"}, code ${codeIn(type, payload)}`);
    }
  }

  #answer(stream: number): void {
    this.#requests += 1;
    this.#watcher.said(`HEADERS of stream ${stream}`);
    this.#serve(stream).catch((error: unknown) => {
      this.#watcher.failed(error);
      this.#socket.destroy();
    });
  }

  async #serve(stream: number): Promise<void> {
    await this.#behavior.answer(this, stream, this.#requests);
  }
}

/** REFUSED_STREAM: nothing was done, the request can be sent again. RFC 9113 section 7. */
const refusedStream = 7;

const okFields = [
  [":status", "200"],
  ["content-type", "text/plain"],
] as const;

function codeIn(type: number, payload: Buffer): number {
  const at = type === FrameType.goAway ? 4 : 0;
  return payload.length >= at + 4 ? payload.readUInt32BE(at) : 0;
}
