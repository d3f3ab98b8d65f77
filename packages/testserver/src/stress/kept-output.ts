/** The end of what a command prints; what came before is only counted. */
export class KeptOutput {
  readonly #limitBytes: number;
  #pieces: Buffer[] = [];
  #sizeBytes = 0;
  #droppedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
    // Cut in halves, so that a long output pays for it once in `limitBytes`.
    if (this.#sizeBytes >= 2 * this.#limitBytes) this.#cut();
  }

  /** What is left out at the beginning is said there. */
  get text(): string {
    this.#cut();
    const dropped = this.#droppedBytes === 0 ? "" : `(${this.#droppedBytes} bytes before this are left out)\n`;
    return dropped + Buffer.concat(this.#pieces).toString();
  }

  #cut(): void {
    const whole = Buffer.concat(this.#pieces);
    const kept = whole.subarray(Math.max(0, whole.length - this.#limitBytes));
    this.#droppedBytes += whole.length - kept.length;
    this.#pieces = [kept];
    this.#sizeBytes = kept.length;
  }
}
