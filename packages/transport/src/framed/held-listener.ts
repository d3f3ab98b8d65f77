import type { MessageLinkListener } from "./message-link.ts";

/** Hands on what comes to whoever listens last, and keeps what comes before anybody does. */
export class HeldListener implements MessageLinkListener {
  readonly #held: Uint8Array[] = [];
  #listener: MessageLinkListener | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  listen(listener: MessageLinkListener): void {
    this.#listener = listener;
    for (const bytes of this.#held.splice(0)) this.#listener.message(bytes);
    if (this.#end !== undefined) this.#listener.ended(this.#end.error);
  }

  message(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    if (this.#listener !== undefined) this.#listener.message(bytes);
    // A peer has one hello to say before it is answered.
    else if (this.#held.length < mostHeld) this.#held.push(bytes);
  }

  /** Only the first end counts. */
  ended(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#listener?.ended(error);
  }
}

const mostHeld = 16;
