import { TimeoutError } from "@fairlead/core";
import { connectTcp } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { TicketBank } from "../memory/ticket-bank.ts";
import type { ConnectSettings } from "../options.ts";
import type { Target } from "../target.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { ConnectRequest } from "./connect-request.ts";
import { secure } from "./secure.ts";

/** A byte stream to an origin, secured if the origin is. */
export interface OpenedConnection {
  readonly stream: Duplex;
  readonly facts: ConnectionFacts;
}

/**
 * Opens a connection.
 *
 * @throws TransportError, TlsError, TimeoutError; or the signal's reason.
 */
export type Connector = (request: ConnectRequest) => Promise<OpenedConnection>;

/** Opens connections by the settings of one manager, resuming TLS sessions from the bank. */
export function createConnector(settings: ConnectSettings, tickets: TicketBank, lessons: LostLessons): Connector {
  let connections = 0;

  return async ({ target, unverified, signal }) => {
    const started = performance.now();
    let resolved: number | undefined;
    const tcp = await withDeadline("connect", settings.timeouts.connect, target, signal, (deadline) =>
      connectTcp({
        host: target.host,
        port: target.port,
        signal: deadline,
        ...(settings.lookup && { lookup: settings.lookup }),
        onPhase: (phase) => {
          if (phase === "resolved") resolved ??= performance.now();
        },
      }),
    );
    const connected = performance.now();
    const remoteAddress = tcp.remoteAddress;

    const secured = !target.secure
      ? undefined
      : await withDeadline("secure", settings.timeouts.secure, target, signal, (deadline) =>
          secure(tcp, { target, unverified, signal: deadline }, settings, tickets, lessons),
        ).catch((error: unknown) => {
          tcp.destroy();
          throw error;
        });

    connections += 1;
    const facts: ConnectionFacts = {
      id: connections,
      remoteAddress,
      resolveMilliseconds: resolved === undefined ? undefined : resolved - started,
      connectMilliseconds: connected - (resolved ?? started),
      secureMilliseconds: secured?.milliseconds,
      tls: secured?.facts,
    };
    return { stream: secured?.socket ?? tcp, facts };
  };
}

/** Runs one phase under its deadline and the caller's signal, and waits no longer than they allow. */
async function withDeadline<Result>(
  phase: "connect" | "secure",
  milliseconds: number,
  target: Target,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    deadline.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => {
    end(new TimeoutError(phase, { peer: target.peer, operation: phase }));
  }, milliseconds);
  const onAbort = (): void => {
    end(signal.reason);
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([run(deadline.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
