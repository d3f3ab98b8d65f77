import type { WebSocketKeepAlive } from "./contract.ts";

/** What has to be done about a peer that says nothing. */
export interface SilentPeer {
  /** Whether anything could be heard just now: who does not read does not hear either. */
  canHear(): boolean;
  ask(): void;
  /** It did not answer. */
  onSilence(): void;
}

/** Asks a silent peer whether it is there, and tells when it is not. Never keeps the process alive. */
export class KeepAlive {
  readonly #options: WebSocketKeepAlive;
  readonly #peer: SilentPeer;
  #timer: NodeJS.Timeout;
  #hasHeard = false;

  constructor(options: WebSocketKeepAlive, peer: SilentPeer) {
    this.#options = options;
    this.#peer = peer;
    this.#timer = this.#wait();
  }

  /** Something came. */
  heard(): void {
    this.#hasHeard = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): NodeJS.Timeout {
    this.#hasHeard = false;
    return setTimeout(() => {
      this.#timer = this.#hasBeenSilent() ? this.#ask() : this.#wait();
    }, this.#options.intervalMilliseconds).unref();
  }

  #ask(): NodeJS.Timeout {
    this.#peer.ask();
    return setTimeout(() => {
      if (this.#hasBeenSilent()) this.#peer.onSilence();
      else this.#timer = this.#wait();
    }, this.#options.timeoutMilliseconds).unref();
  }

  #hasBeenSilent(): boolean {
    return !this.#hasHeard && this.#peer.canHear();
  }
}
