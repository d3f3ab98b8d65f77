import { type Gateway, gateway, type GatewayEvent, type GatewayOptions } from "../../src/gateway/index.ts";
import { serve } from "../../src/index.ts";

/** The worker program of these tests. */
export const workerModule = new URL("programs/worker.ts", import.meta.url);

type OfType<Type extends GatewayEvent["type"]> = Extract<GatewayEvent, { readonly type: Type }>;

/** A gateway behind a server of HTTP. */
export interface GatewayServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly events: readonly GatewayEvent[];
  /** What was told to the server's `onError`. */
  readonly errors: readonly unknown[];
  /** Resolves with the first event of a type, past or to come, that is so. */
  event<Type extends GatewayEvent["type"]>(type: Type, is?: (event: OfType<Type>) => boolean): Promise<OfType<Type>>;
}

/** Starts one; what events there are is kept. */
export async function serveWithGateway(options: GatewayOptions): Promise<GatewayServer> {
  const events: GatewayEvent[] = [];
  const errors: unknown[] = [];
  const waiting = new Set<() => void>();
  const app = gateway({
    ...options,
    onEvent(event) {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  const running = await serve({ fetch: app, host: "127.0.0.1", onError: (error) => errors.push(error) });
  return {
    url: running.url ?? "",
    port: running.port ?? 0,
    gateway: app,
    events,
    errors,
    event: (type, is = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.find((event) => event.type === type && is(event as OfType<typeof type>));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found as OfType<typeof type>);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      await running.close({ graceMilliseconds: 0 });
      const closed = app.close();
      void app.close();
      await closed;
    },
  };
}
