import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getSystemErrorName } from "node:util";
import { bindSystemCalls, errno, errors, watch, type SystemCalls, type Watch } from "./library.ts";

/**
 * A second descriptor of a connected socket. The socket stays open beside it and is closed by its owner: addresses,
 * options, the half-close, timeouts, `ref` and `unref` are still its business, only that it no longer reads.
 */
export interface SocketDescriptor {
  /**
   * Reads what has arrived, at most `limitBytes`; `undefined` when nothing has. No bytes at all are the end.
   *
   * The bytes lie in a buffer that all descriptors share, and are gone with the next read of any.
   *
   * @throws Error as the socket would emit it: `code` is `ECONNRESET` or the like.
   */
  read(limitBytes: number): Uint8Array | undefined;
  /**
   * Writes as many bytes as the system takes, and returns how many.
   *
   * @throws Error as the socket would emit it.
   */
  write(bytes: Uint8Array): number;
  /** What `onReady` is called for, once for each turn of the event loop in which it holds. Nothing at first. */
  wants(readable: boolean, writable: boolean): void;
  /** Has the socket read again, for the end that it has to find itself. */
  handBack(): void;
  /** Closes the second descriptor. A second call does nothing; every other call is an error after it. */
  close(): void;
}

/** Opens the second descriptor of a socket and stops the socket's own reading, where that is possible. */
export type DescriptorOpener = (
  socket: Duplex,
  onReady: (readable: boolean, writable: boolean) => void,
) => SocketDescriptor | undefined;

/** The most that one read takes. */
export const maxReadBytes = 1_048_576;

/**
 * Binds the system calls; `undefined` on Windows, where sockets have no descriptors. The opener refuses by `undefined`
 * whatever is not a plain connected `net.Socket` with nothing buffered, so that the caller uses the stream as it is.
 *
 * @throws Error when the C library cannot be bound.
 */
export function descriptorOpener(): DescriptorOpener | undefined {
  if (process.platform === "win32") return undefined;
  const calls = bindSystemCalls();
  const shared = Buffer.allocUnsafeSlow(maxReadBytes);
  return (socket, onReady) => {
    if (!isPlain(socket)) return undefined;
    const handle = handleOf(socket);
    if (handle === undefined || !isSystemSocket(calls, handle.fd, shared)) return undefined;
    const number = calls.dup(handle.fd);
    if (number < 0) return undefined;
    return new Descriptor(calls, number, shared, socket, handle, onReady);
  };
}

class Descriptor implements SocketDescriptor {
  readonly #calls: SystemCalls;
  #descriptor: number;
  readonly #shared: Buffer;
  readonly #watch: Watch;
  readonly #socket: Socket;
  readonly #handle: Handle;
  readonly #onReady: (readable: boolean, writable: boolean) => void;
  #readable = false;
  #writable = false;
  #told = true;

  constructor(
    calls: SystemCalls,
    descriptor: number,
    shared: Buffer,
    socket: Socket,
    handle: Handle,
    onReady: (readable: boolean, writable: boolean) => void,
  ) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#shared = shared;
    this.#socket = socket;
    this.#handle = handle;
    this.#onReady = onReady;
    try {
      this.#watch = watch(descriptor, ({ readable, writable }) => {
        this.#readable ||= readable;
        this.#writable ||= writable;
        if (this.#told) setImmediate(this.#tell);
        this.#told = false;
      });
    } catch (error) {
      calls.close(descriptor);
      throw error;
    }
    if (!handle.hasRef()) this.#watch.unref();
    followRefs(handle, this.#watch);
    handle.readStop();
    // The stream believes that it reads, so that nothing makes it begin.
    handle.reading = true;
  }

  read(limitBytes: number): Uint8Array | undefined {
    const limit = Math.min(limitBytes, this.#shared.length);
    const got = this.#call("read", () => this.#calls.recv(this.#descriptor, this.#shared, limit, flags.dontWait));
    return got < 0 ? undefined : this.#shared.subarray(0, got);
  }

  write(bytes: Uint8Array): number {
    const sendFlags = flags.dontWait | flags.noSignal;
    return Math.max(
      0,
      this.#call("write", () => this.#calls.send(this.#descriptor, bytes, bytes.length, sendFlags)),
    );
  }

  wants(readable: boolean, writable: boolean): void {
    this.#watch.wants(readable, writable);
  }

  handBack(): void {
    if (!this.#socket.destroyed) this.#handle.readStart();
  }

  close(): void {
    if (this.#descriptor < 0) return;
    // The event loop forgets it first: the number may be another file's at once.
    this.#watch.close();
    this.#calls.close(this.#descriptor);
    this.#descriptor = -1;
  }

  /** In a turn of its own, where promises are continued and an exception is an exception. */
  readonly #tell = (): void => {
    const [readable, writable] = [this.#readable, this.#writable];
    this.#told = true;
    this.#readable = false;
    this.#writable = false;
    if (this.#descriptor >= 0) this.#onReady(readable, writable);
  };

  /** -1 is "not now". */
  #call(syscall: "read" | "write", call: () => number): number {
    for (;;) {
      const result = call();
      if (result >= 0) {
        // Setting it again is what starts a socket's timeout anew.
        if (this.#socket.timeout) this.#socket.setTimeout(this.#socket.timeout);
        return result;
      }
      const error = errno();
      if (error === errors.EAGAIN) return -1;
      if (error !== errors.EINTR) throw systemError(syscall, error);
    }
  }
}

/** A class that extends `net.Socket` (`tls.TLSSocket`) has bytes of its own between. */
function isPlain(socket: Duplex): socket is Socket {
  if (!(socket instanceof Socket) || Object.getPrototypeOf(socket) !== Socket.prototype) return false;
  if (socket.connecting || socket.destroyed || !socket.readable || !socket.writable) return false;
  return socket.readableLength === 0 && socket.writableLength === 0;
}

/** A pipe between processes is a `net.Socket` as well, and none to the system. */
function isSystemSocket(calls: SystemCalls, descriptor: number, into: Uint8Array): boolean {
  return calls.recv(descriptor, into, 1, flags.peek | flags.dontWait) >= 0 || errno() === errors.EAGAIN;
}

/** What `net.Socket` keeps to itself, as far as it is needed here. */
interface Handle {
  readonly fd: number;
  reading: boolean;
  ref(): void;
  unref(): void;
  readStart(): number;
  readStop(): number;
  hasRef(): boolean;
}

function handleOf(socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as { _handle?: Partial<Handle> | null };
  if (handle?.fd === undefined || handle.fd < 0) return undefined;
  const functions = ["readStart", "readStop", "hasRef", "ref", "unref"] as const;
  // All of its fields were looked at; `reading` is a plain one.
  return functions.every((name) => typeof handle[name] === "function") ? (handle as Handle) : undefined;
}

/** Has `ref` and `unref` of the socket decide whether the second descriptor keeps the process alive, too. */
function followRefs(handle: Handle, watch: Watch): void {
  const [ref, unref] = [handle.ref.bind(handle), handle.unref.bind(handle)];
  handle.ref = () => {
    ref();
    watch.ref();
  };
  handle.unref = () => {
    unref();
    watch.unref();
  };
}

/** An error in the form that `net.Socket` gives it. */
function systemError(syscall: string, number: number): Error {
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${syscall} ${code}`), { errno: -number, code, syscall });
}

// sys/socket.h; where MSG_NOSIGNAL is missing, Node.js ignores SIGPIPE all the same.
const flags =
  process.platform === "linux"
    ? ({ peek: 0x2, dontWait: 0x40, noSignal: 0x4000 } as const)
    : ({ peek: 0x2, dontWait: 0x80, noSignal: 0 } as const);
