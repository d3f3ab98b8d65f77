import type { Socket } from "node:net";

/** A reply written on the socket byte by byte, past everything that `node:http` would refuse or mend. */
export class RawReply {
  readonly #socket: Socket;
  readonly #tcp: Socket;

  /** `socket` is what HTTP runs on; `tcp` is the one below TLS, or the same. */
  constructor(socket: Socket, tcp: Socket) {
    this.#socket = socket;
    this.#tcp = tcp;
  }

  /** Writes these bytes; resolves when the system has them. A string is written as Latin-1, one byte a character. */
  async write(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Closes in order: close_notify over TLS, then FIN. */
  end(): void {
    endSoon(this.#socket);
  }

  /** Closes TCP by FIN, without the close_notify that TLS asks for (RFC 8446 section 6.1). */
  cut(): void {
    this.#tcp.destroy();
  }

  /** Closes TCP by RST. */
  reset(): void {
    this.#tcp.resetAndDestroy();
  }
}

/** Closes in order once everything written is on its way, whatever the stream is: `destroySoon`, which only sockets have. */
export function endSoon(socket: Socket): void {
  socket.end(() => {
    socket.destroy();
  });
}

/** A response head as bytes on the wire: the status line and fields as given, joined and ended by CRLF. */
export function rawHead(status: string, ...fields: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...fields, "", ""].join("\r\n");
}
