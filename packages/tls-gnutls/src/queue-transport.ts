import { InputQueue, OutputQueue, type NativeMemory, type SlabPool } from "@fairlead/tls/engine";
import type { GnuTls } from "./library.ts";

/** What a session reads from and writes to. */
export class QueueTransport {
  readonly input: InputQueue;
  readonly output: OutputQueue;
  readonly #gnutls: GnuTls;
  #hasEnded = false;

  constructor(gnutls: GnuTls, memory: NativeMemory, slabs: SlabPool) {
    this.#gnutls = gnutls;
    this.input = new InputQueue(memory);
    this.output = new OutputQueue(memory, slabs);
  }

  /** Nothing follows what is in the queue. */
  endInput(): void {
    this.#hasEnded = true;
  }

  /** Whether the input has been read to its end. */
  get isReadToEnd(): boolean {
    return this.#hasEnded && this.input.length === 0;
  }

  /** Called from inside GnuTLS: takes all of it. */
  push(from: number, length: number): number {
    this.output.add(from, length);
    return length;
  }

  /** Called from inside GnuTLS: gives what there is, which may be less than it wants; 0 is the end. */
  pull(session: number, to: number, length: number): number {
    if (this.input.length > 0) return this.input.copyTo(to, length);
    if (this.#hasEnded) return 0;
    // It is reset before every pull.
    this.#gnutls.gnutls_transport_set_errno(session, againErrno);
    return -1;
  }
}

const againErrno = process.platform === "linux" || process.platform === "win32" ? 11 : 35;
