import type { ResourceLimits } from "node:worker_threads";
import type { GatewayEvent } from "./pool/gateway-event.ts";

/** What the workers of a gateway are. */
export type GatewayWorkers =
  /** Processes of any program that speaks the gateway's protocol on its descriptor 3. */
  | {
      readonly command: readonly string[];
      readonly count?: number | undefined;
      /** Beside what every program needs (`PATH`, `HOME`, `LANG`, `TZ`, …): nothing else is inherited. */
      readonly env?: Readonly<Record<string, string>> | undefined;
      readonly cwd?: string | undefined;
    }
  /** Processes, or threads, of this Node.js, whose module calls `serveGateway`. */
  | {
      readonly module: URL;
      readonly count?: number | undefined;
      /** False by default: a process that crashes takes nobody with it. */
      readonly threads?: boolean | undefined;
      readonly env?: Readonly<Record<string, string>> | undefined;
      /** Of threads. */
      readonly resourceLimits?: ResourceLimits | undefined;
    }
  /** A program that listens on a Unix socket, started by somebody else; `count` is the number of connections to it. */
  | { readonly path: string; readonly count?: number | undefined };

/** How a gateway is made. */
export interface GatewayOptions {
  /** Two of them where `count` is left out; one connection to a `path`. */
  readonly workers: GatewayWorkers;
  /** Requests that one worker has at once, at the most. 64 by default; a worker may say fewer. */
  readonly requestsPerWorker?: number | undefined;
  /** Octets of each answer that may come ahead of its client: so much for each request is what memory is for. 131,072. */
  readonly windowBytes?: number | undefined;
  /** Requests that wait for a worker with room: 1,000, and 10 seconds. Beyond that they are answered with 503. */
  readonly waiting?: { readonly requests?: number | undefined; readonly milliseconds?: number | undefined } | undefined;
  /** From a worker's start to its HELLO. 10,000. */
  readonly startMilliseconds?: number | undefined;
  /** From a request to the head of its answer; 504 beyond. 60,000. */
  readonly answerMilliseconds?: number | undefined;
  /** For a worker to answer a PING, or to give a request up that it was told to. 30,000. */
  readonly stuckMilliseconds?: number | undefined;
  /** For a worker that is replaced, or of a gateway that closes, to finish what it has. 30,000. */
  readonly drainMilliseconds?: number | undefined;
  /** From SIGTERM to SIGKILL. 2,000. */
  readonly exitMilliseconds?: number | undefined;
  /** Between two PINGs. 5,000. */
  readonly pingMilliseconds?: number | undefined;
  /** After how many requests, and beyond which memory by its own account, a worker is replaced. Never by default. */
  readonly recycle?: { readonly requests?: number | undefined; readonly memoryBytes?: number | undefined } | undefined;
  /** Told what happens to the workers. By default what they log, and that they crash, goes to standard error. */
  onEvent?(event: GatewayEvent): void;
}
