import { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { systemError } from "../memory-wire.ts";
import { LinkDriver } from "./link-driver.ts";
import type { MessageLink } from "./message-link.ts";
import type { LinkEvent, ResumableStream } from "./protocol/resumable-stream.ts";

/** How a stream lives with its links. */
export interface LinkStreamTerms {
  readonly peer: string;
  readonly allowHalfOpen: boolean;
  /** How long an answer may take before the link is asked, and then given up. */
  readonly silenceMilliseconds: number;
  readonly onOpened: () => void;
  readonly onLink: () => void;
  /** A link is gone while the stream is not over. */
  readonly onLinkLost: (error: Error | undefined) => void;
  /** The stream is over, in whatever way. */
  readonly onClosed: () => void;
}

/** The byte stream that runs over one link after the other: as a socket, but for the links. */
export class LinkStream extends Duplex {
  readonly #machine: ResumableStream;
  readonly #terms: LinkStreamTerms;
  readonly #driver: LinkDriver;
  #written: ((error?: Error) => void) | undefined;
  #finished: (() => void) | undefined;
  #unread = 0;
  #isOver = false;
  #resets = false;

  constructor(machine: ResumableStream, terms: LinkStreamTerms) {
    super({ allowHalfOpen: terms.allowHalfOpen });
    this.#machine = machine;
    this.#terms = terms;
    this.#driver = new LinkDriver(machine, terms.silenceMilliseconds, {
      heed: (event) => {
        this.#heed(event);
      },
      moved: () => {
        this.#confirm();
      },
      attached: terms.onLink,
      lost: (error) => {
        if (!this.#isOver) terms.onLinkLost(error);
      },
    });
    // As a connected socket, it reads ahead before anybody listens.
    this.read(0);
  }

  /** Goes on over a link that is new. One that is there already is closed. */
  attach(link: MessageLink, first?: Uint8Array): void {
    this.#driver.attach(link, first);
  }

  /** Closes this end, and breaks the other with ECONNRESET, as `net.Socket#resetAndDestroy` does over TCP. */
  resetAndDestroy(): this {
    this.#resets = true;
    return this.destroy();
  }

  override _read(): void {
    this.#machine.consumed(this.#unread);
    this.#unread = 0;
    this.#driver.pump();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#machine.write(new Uint8Array(chunk));
    this.#written = done;
    this.#driver.pump();
    this.#confirm();
  }

  override _final(done: () => void): void {
    this.#machine.end();
    this.#finished = done;
    this.#driver.pump();
    this.#confirm();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#machine.dropUnsent();
    const written = this.#written;
    this.#written = undefined;
    written?.(systemError("ECANCELED", "write"));
    const hasUnread = this.readableLength > 0 || this.#unread > 0;
    this.#driver.leave(this.#resets || (hasUnread && !this.#isOver) ? "reset" : "linger");
    this.#terms.onClosed();
    done(error);
  }

  #heed(event: LinkEvent): void {
    switch (event.type) {
      case "opened":
        this.#terms.onOpened();
        return;
      case "data":
        this.#unread += event.bytes.length;
        if (this.push(event.bytes)) this._read();
        return;
      case "end":
        this.push(null);
        return;
      case "over":
        this.#isOver = true;
        return;
      case "reset":
        this.#isOver = true;
        if (event.reason === "destroyed") this.destroy(systemError("ECONNRESET", "read"));
        else this.destroy(new TransportError("CONNECTION_RESET", { peer: this.#terms.peer, detail: event.reason }));
    }
  }

  /** A write is done when all of it was sent once, and the end when it has arrived. */
  #confirm(): void {
    if (this.#written !== undefined && this.#machine.unsentBytes === 0) {
      const done = this.#written;
      this.#written = undefined;
      done();
    }
    if (this.#finished !== undefined && this.#machine.isDelivered) {
      const done = this.#finished;
      this.#finished = undefined;
      done();
    }
  }
}
