import { InputQueue, type NativeMemory, OutputQueue, type SlabPool } from "@fairlead/tls/engine";
import { callback, cString, type OpenSsl } from "./library.ts";

/**
 * The transport of one SSL, in both directions: OpenSSL reads from one queue and writes to the other, without the copies
 * and the growing buffers of a memory BIO.
 */
export class QueueBio {
  readonly #openssl: OpenSsl;
  readonly #registry: Map<number, QueueBio>;
  readonly input: InputQueue;
  readonly output: OutputQueue;
  /** A BIO that is OpenSSL's as soon as an SSL has it. */
  readonly handle: number;
  #inputEnded = false;
  #retries = false;
  /** Thrown where OpenSSL would not have seen it. */
  #error: Error | undefined;

  constructor(method: QueueBioMethod) {
    this.#openssl = method.openssl;
    this.#registry = method.registry;
    this.input = new InputQueue(method.memory);
    this.output = new OutputQueue(method.memory, method.slabs);
    this.handle = method.openssl.BIO_new(method.handle);
    method.openssl.BIO_set_init(this.handle, 1);
    method.registry.set(this.handle, this);
  }

  endInput(): void {
    this.#inputEnded = true;
  }

  /** What went wrong inside a callback, once. */
  takeError(): Error | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** To be called when the SSL, and the BIO with it, is freed. */
  forget(): void {
    this.#registry.delete(this.handle);
  }

  /** Called from inside OpenSSL. */
  read(to: number, length: number): number {
    const ends = this.input.length === 0 && this.#inputEnded;
    const retries = this.input.length === 0 && !this.#inputEnded;
    if (retries !== this.#retries) {
      if (retries) this.#openssl.BIO_set_flags(this.handle, readRetry);
      else this.#openssl.BIO_clear_flags(this.handle, readRetry);
      this.#retries = retries;
    }
    if (retries) return -1;
    return ends ? 0 : this.input.copyTo(to, length);
  }

  /** Called from inside OpenSSL: takes all of it. */
  write(from: number, length: number): number {
    this.output.add(from, length);
    return length;
  }

  /** Called from inside OpenSSL. */
  control(command: number): number {
    if (command === bioFlush) return 1;
    return command === bioEof && this.#inputEnded && this.input.length === 0 ? 1 : 0;
  }

  noteError(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error("a callback failed", { cause: error });
  }
}

/** How OpenSSL calls queues; made once for a binding. */
export interface QueueBioMethod {
  readonly openssl: OpenSsl;
  readonly memory: NativeMemory;
  readonly slabs: SlabPool;
  readonly handle: number;
  readonly registry: Map<number, QueueBio>;
}

/** Registers the callbacks. An exception would read as 0, the end of the stream: each is caught and reads as an error. */
export function queueBioMethod(openssl: OpenSsl, memory: NativeMemory, slabs: SlabPool): QueueBioMethod {
  const registry = new Map<number, QueueBio>();
  const guarded = (handle: number, body: (bio: QueueBio) => number): number => {
    const bio = registry.get(handle);
    try {
      return bio === undefined ? -1 : body(bio);
    } catch (error) {
      bio?.noteError(error);
      return -1;
    }
  };
  const transfer = ["uintptr_t", "uintptr_t", "int"];
  const handle = openssl.BIO_meth_new(openssl.BIO_get_new_index() | sourceSink, cString("queues"));
  const read = callback(transfer, (bio = 0, to = 0, length = 0) => guarded(bio, (each) => each.read(to, length)));
  const write = callback(transfer, (bio = 0, from = 0, length = 0) => guarded(bio, (each) => each.write(from, length)));
  const control = callback(
    ["uintptr_t", "int", "long", "uintptr_t"],
    (bio = 0, command = 0) => registry.get(bio)?.control(command) ?? 0,
    "long",
  );
  openssl.BIO_meth_set_read(handle, read);
  openssl.BIO_meth_set_write(handle, write);
  openssl.BIO_meth_set_ctrl(handle, control);
  return { openssl, memory, slabs, handle, registry };
}

// OpenSSL, include/openssl/bio.h.in
const sourceSink = 0x0400;
const bioEof = 2;
const bioFlush = 11;
const readRetry = 0x01 | 0x08;
