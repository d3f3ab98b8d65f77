import koffi from "koffi";

/** The system calls that are made here. Each returns -1 when it fails, and `errno` says why. */
export interface SystemCalls {
  readonly dup: (descriptor: number) => number;
  readonly close: (descriptor: number) => number;
  readonly recv: (descriptor: number, into: Uint8Array, length: number, flags: number) => number;
  readonly send: (descriptor: number, from: Uint8Array, length: number, flags: number) => number;
}

/**
 * Binds the C library of the running process.
 *
 * @throws Error when it lacks one of them.
 */
export function bindSystemCalls(): SystemCalls {
  const library = koffi.load(null);
  return {
    dup: library.func("int dup(int descriptor)"),
    close: library.func("int close(int descriptor)"),
    recv: library.func("intptr_t recv(int descriptor, void *into, size_t length, int flags)"),
    send: library.func("intptr_t send(int descriptor, void *from, size_t length, int flags)"),
  };
}

/** Why the last call failed; to be asked before anything else is called. */
export function errno(): number {
  return koffi.errno();
}

/** Numbers of the errors that are told apart. */
export const errors: Readonly<Record<"EAGAIN" | "EINTR", number>> = {
  EAGAIN: koffi.os.errno["EAGAIN"] ?? Number.NaN,
  EINTR: koffi.os.errno["EINTR"] ?? Number.NaN,
};

/** What a descriptor is ready for. */
export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** Watches one descriptor. */
export interface Watch {
  /** Replaces what is waited for; nothing at all stops it. */
  wants(readable: boolean, writable: boolean): void;
  ref(): void;
  unref(): void;
  close(): void;
}

/**
 * Watches a descriptor, for nothing at first. `onReady` is called from the event loop itself, where a promise is not
 * continued and an exception ends the process later: it may only note what it is told. It is told of an error as of
 * readiness, and finds out by the next call.
 *
 * @throws Error when the event loop cannot watch it.
 */
export function watch(descriptor: number, onReady: (readiness: Readiness) => void): Watch {
  // The types of koffi leave out the first of two parameters.
  const listener = ((status: number, events: Readiness) => {
    // After an error the event loop watches no more, until it is told to again.
    if (status < 0) wanted = nothing;
    onReady(status < 0 ? all : events);
  }) as unknown as (events: Readiness) => void;
  let wanted = nothing;
  const handle = koffi.node.poll(descriptor, all, listener);
  handle.stop();
  let closed = false;
  return {
    wants(readable, writable) {
      if (closed || (readable === wanted.readable && writable === wanted.writable)) return;
      wanted = { readable, writable };
      if (readable || writable) handle.start(wanted, listener);
      else handle.stop();
    },
    // A closed handle would be used in C.
    ref() {
      if (!closed) handle.ref();
    },
    unref() {
      if (!closed) handle.unref();
    },
    close() {
      if (!closed) handle.close();
      closed = true;
    },
  };
}

const all: Readiness = { readable: true, writable: true };
const nothing: Readiness = { readable: false, writable: false };
