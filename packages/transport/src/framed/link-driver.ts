import type { MessageLink } from "./message-link.ts";
import { smallestMessageBytes } from "./protocol/link-frames.ts";
import type { LinkEvent, ResumableStream } from "./protocol/resumable-stream.ts";

/** What a driver tells whoever it carries a stream for. */
export interface LinkDriverEvents {
  heed(event: LinkEvent): void;
  /** Messages went out or came in: more may be written, or everything be delivered. */
  moved(): void;
  /** It has a link, the first or another. */
  attached(): void;
  /** The link is gone while the stream is not over. */
  lost(error: Error | undefined): void;
}

/** Moves the messages of one stream over one link after the other. */
export class LinkDriver {
  readonly #machine: ResumableStream;
  readonly #events: LinkDriverEvents;
  readonly #silenceMilliseconds: number;
  #link: MessageLink | undefined;
  #isPumping = false;
  #silence: NodeJS.Timeout | undefined;
  #wasAsked = false;
  /** How it ends: once everything has arrived, or at once. */
  #leaving: "linger" | "reset" | undefined;
  #lingering: NodeJS.Timeout | undefined;

  constructor(machine: ResumableStream, silenceMilliseconds: number, events: LinkDriverEvents) {
    this.#machine = machine;
    this.#silenceMilliseconds = silenceMilliseconds;
    this.#events = events;
  }

  /** Goes on over a link; one that is there already is closed. `first` is what was read of it before. */
  attach(link: MessageLink, first?: Uint8Array): void {
    if (this.#leaving !== undefined || link.maxMessageBytes < smallestMessageBytes) {
      link.close();
      return;
    }
    this.#link?.close();
    this.#link = link;
    this.#events.attached();
    this.#machine.linkUp();
    if (first !== undefined) this.#receive(first);
    link.listen({
      message: (bytes) => {
        if (this.#link === link) this.#receive(bytes);
      },
      ended: (error) => {
        if (this.#link === link) this.#lose(error);
      },
    });
    this.pump();
  }

  /**
   * Nobody reads any more. With `linger` what was written still goes out, as after the close of a socket; what comes then
   * resets the stream.
   */
  leave(how: "linger" | "reset"): void {
    this.#leaving = how;
    if (how === "reset") this.#machine.destroy("destroyed");
    else this.#machine.end();
    clearTimeout(this.#silence);
    this.#lingering = setTimeout(() => {
      this.#close();
    }, this.#silenceMilliseconds).unref();
    this.pump();
    this.#closeIfDone();
  }

  /** Sends what there is to send, one message after the other, as the link takes them. */
  pump(): void {
    const link = this.#link;
    if (this.#isPumping || link === undefined) return;
    const message = this.#machine.nextMessage(link.maxMessageBytes);
    if (message === undefined) return;
    this.#isPumping = true;
    this.#watchSilence();
    const goOn = (): void => {
      this.#isPumping = false;
      this.#events.moved();
      this.pump();
      this.#closeIfDone();
    };
    link.send(message).then(goOn, (error: unknown) => {
      if (this.#link === link) this.#lose(error as Error);
      goOn();
    });
  }

  #receive(message: Uint8Array): void {
    this.#wasAsked = false;
    for (const event of this.#machine.receive(message)) {
      if (this.#leaving === undefined) this.#events.heed(event);
      else if (event.type === "data") this.#machine.destroy("destroyed");
      else if (event.type === "reset") this.#close();
    }
    this.#events.moved();
    this.#watchSilence();
    this.pump();
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#leaving === undefined || this.#isPumping) return;
    if (this.#link === undefined || this.#machine.isOver || this.#machine.isSettled) this.#close();
  }

  #close(): void {
    clearTimeout(this.#lingering);
    clearTimeout(this.#silence);
    this.#link?.close();
    this.#link = undefined;
  }

  /** A last message that was lost leaves no gap: after a while the other end is asked, and after another given up. */
  #watchSilence(): void {
    clearTimeout(this.#silence);
    if (!this.#machine.awaitsWord || this.#link === undefined || this.#leaving !== undefined) return;
    this.#silence = setTimeout(() => {
      const link = this.#link;
      if (link === undefined) return;
      if (this.#wasAsked) {
        link.close();
        this.#lose(undefined);
        return;
      }
      this.#wasAsked = true;
      this.#machine.ask();
      this.pump();
      this.#watchSilence();
    }, this.#silenceMilliseconds);
  }

  #lose(error: Error | undefined): void {
    this.#link = undefined;
    clearTimeout(this.#silence);
    this.#wasAsked = false;
    if (this.#leaving === undefined) this.#events.lost(error);
    else this.#close();
  }
}
