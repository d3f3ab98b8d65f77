import { getSystemErrorName } from "node:util";
import koffi from "koffi";

/** The calls on sockets that Node.js has no functions for. Each returns -1 when it fails; then ask {@link lastError}. */
export interface SocketCalls {
  readonly socket: (family: number, type: number, protocol: number) => number;
  readonly bind: (descriptor: number, address: Uint8Array, length: number) => number;
  readonly close: (descriptor: number) => number;
  readonly setsockopt: (descriptor: number, level: number, name: number, value: Uint8Array, length: number) => number;
  /** The last two are read and written. */
  readonly getsockopt: (
    descriptor: number,
    level: number,
    name: number,
    value: Uint8Array,
    length: Uint8Array,
  ) => number;
  /** 1 when the text is an address. */
  readonly inet_pton: (family: number, text: string, into: Uint8Array) => number;
  readonly recv: (descriptor: number, into: Uint8Array, length: number, flags: number) => number;
  readonly send: (descriptor: number, from: Uint8Array, length: number, flags: number) => number;
  /** 0 when there is no such interface. */
  readonly if_nametoindex: (name: string) => number;
}

/**
 * Binds the C library of the running process. Takes some hundred microseconds, so it is done once.
 *
 * @throws Error when it lacks one of them.
 */
export function bindSocketCalls(): SocketCalls {
  const library = koffi.load(null);
  return {
    socket: library.func("int socket(int family, int type, int protocol)"),
    bind: library.func("int bind(int descriptor, void *address, uint32_t length)"),
    close: library.func("int close(int descriptor)"),
    setsockopt: library.func("int setsockopt(int descriptor, int level, int name, void *value, uint32_t length)"),
    getsockopt: library.func("int getsockopt(int descriptor, int level, int name, void *value, void *length)"),
    recv: library.func("intptr_t recv(int descriptor, void *into, size_t length, int flags)"),
    send: library.func("intptr_t send(int descriptor, void *from, size_t length, int flags)"),
    inet_pton: library.func("int inet_pton(int family, const char *text, void *into)"),
    if_nametoindex: library.func("unsigned int if_nametoindex(const char *name)"),
  };
}

/** Why the last call failed, in the form in which Node.js tells it. */
export function lastError(syscall: string): Error & { readonly code: string } {
  const number = koffi.errno();
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${syscall} ${code}`), { errno: -number, code, syscall });
}
