/**
 * What was sent and received for one hop, secrets included. An observer puts it into `hop.messages` when the hop starts,
 * and those who send and receive fill it. Costs the size of both heads, and of the bodies as far as they are kept.
 */
export class HopMessages {
  /** Names and values in turn, as the application and the stages before the network gave them. */
  askedFields: readonly string[] = [];
  /**
   * As it was written the last time: of HTTP/1.1 the text, one character a byte; of HTTP/2 names and values in turn,
   * pseudo-fields first. `undefined` when nothing was.
   */
  requestHead: string | readonly string[] | undefined = undefined;
  statusText = "";
  /** By lower-case name; repeated ones as a list. */
  responseFields: Readonly<Record<string, string | readonly string[] | undefined>> | undefined = undefined;
  /** When all of the request was written, by `performance.now()`. */
  sentAt: number | undefined = undefined;
  readonly requestBody: KeptBody | undefined;
  readonly responseBody: KeptBody | undefined;

  /** @param bodyLimitBytes kept of either body at the most; `undefined` keeps none. */
  constructor(bodyLimitBytes?: number) {
    this.requestBody = bodyLimitBytes === undefined ? undefined : new KeptBody(bodyLimitBytes);
    this.responseBody = bodyLimitBytes === undefined ? undefined : new KeptBody(bodyLimitBytes);
  }

  /** What is held, roughly: a character counts as a byte. */
  get bytes(): number {
    const { askedFields, requestHead = "", responseFields = {}, requestBody, responseBody } = this;
    const texts = [...askedFields, ...[requestHead].flat(), ...Object.entries(responseFields).flat(2)];
    const heads = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    return heads + (requestBody?.bytes ?? 0) + (responseBody?.bytes ?? 0);
  }
}

/** A body as it went over the wire, its codings not undone, as far as it is kept. */
export class KeptBody {
  readonly #limitBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isWhole = true;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether all that came is kept: a part of a body is kept no longer. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Keeps a copy: what a socket has read into is larger. */
  push(chunk: Uint8Array): void {
    if (!this.#isWhole) return;
    if (this.#bytes + chunk.length > this.#limitBytes) {
      this.#isWhole = false;
      this.#chunks = [];
      this.#bytes = 0;
      return;
    }
    this.#chunks.push(Uint8Array.from(chunk));
    this.#bytes += chunk.length;
  }

  /** It is sent or comes once more, from its beginning. */
  clear(): void {
    this.#isWhole = true;
    this.#chunks = [];
    this.#bytes = 0;
  }

  /** Gives up what there is, and keeps nothing more. */
  giveUp(): void {
    this.clear();
    this.#isWhole = false;
  }

  read(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
