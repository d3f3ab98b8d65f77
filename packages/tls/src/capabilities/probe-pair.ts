import { memoryPair } from "@fairlead/transport";
import type { TlsAcceptOptions, TlsBackend, TlsConnectOptions, TlsSocket } from "../contract.ts";
import type { ProbeCertificates } from "./probe-certificates.ts";

/** Both ends of one connection in memory. */
export interface ProbePair {
  readonly client: TlsSocket;
  readonly server: TlsSocket;
  /** What one of them reads next; rejects when the connection fails or ends. */
  readonly arrives: (socket: TlsSocket) => Promise<Buffer>;
}

/** Where one thing is tried. */
export interface Probe {
  readonly backend: TlsBackend;
  readonly certificates: ProbeCertificates;
  /** What one trial may take. */
  readonly deadlineMilliseconds: number;
  /** Secures both ends, lets `use` look at them, and closes them. Rejects when anything fails or takes too long. */
  readonly over: <T>(options: ProbeOptions, use: (pair: ProbePair) => T | Promise<T>) => Promise<T>;
}

/** What the connection has beside a good certificate. */
export interface ProbeOptions {
  readonly connect?: Partial<TlsConnectOptions>;
  readonly accept?: Partial<TlsAcceptOptions>;
  /** Written as soon as the client is there: with early data that is what its handshake begins with. */
  readonly firstWords?: string;
}

/** Prepares trials of a backend with itself. */
export function probeOf(backend: TlsBackend, certificates: ProbeCertificates, deadlineMilliseconds: number): Probe {
  return {
    backend,
    certificates,
    deadlineMilliseconds,
    over: ({ connect, accept, firstWords }, use) =>
      withinDeadline(deadlineMilliseconds, async (signal) => {
        const [near, far] = memoryPair({ allowHalfOpen: true });
        try {
          const { host, trust, identity } = certificates;
          const [client, server] = await bothEnds(
            backend.connect(near, { host, trust, signal, ...connect }).then((socket) => {
              if (firstWords !== undefined) socket.write(firstWords);
              return socket;
            }),
            backend.accept(far, { identity, signal, ...accept }),
          );
          return await use({ client, server, arrives: (socket) => nextBytes(socket, signal) });
        } finally {
          near.destroy();
          far.destroy();
        }
      }),
  };
}

/** Runs a trial for so long. An ordinary timer: streams in memory would not keep the process from ending before the answer is there. */
export async function withinDeadline<T>(milliseconds: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = new Error("the trial took too long");
    deadline.abort(reason);
    reject(reason);
  }, milliseconds);
  try {
    return await Promise.race([run(deadline.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Errors of a socket that nobody looks at any more are nobody's. */
async function bothEnds(
  connecting: Promise<TlsSocket>,
  accepting: Promise<TlsSocket>,
): Promise<[TlsSocket, TlsSocket]> {
  const quiet = (socket: TlsSocket): TlsSocket => socket.on("error", () => undefined);
  return Promise.all([connecting.then(quiet), accepting.then(quiet)]);
}

function nextBytes(socket: TlsSocket, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const fail = (): void => reject(new Error("nothing arrived"));
  socket.once("data", resolve).once("end", fail).once("close", fail).once("error", fail);
  signal.addEventListener("abort", fail, { once: true });
  return promise;
}
