import { serve, type FetchHandler, type HttpLimits } from "../../src/index.ts";

/** A server of one handler. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** What the handler failed with. */
  readonly errors: unknown[];
}

/** Starts one on loopback. */
export async function startServer(fetch: FetchHandler, limits: Partial<HttpLimits> = {}): Promise<TestServer> {
  const errors: unknown[] = [];
  const running = await serve({ fetch, limits, host: "127.0.0.1", onError: (error) => errors.push(error) });
  const { url = "", port = 0 } = running;
  return { origin: url, port, errors, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
