import type { GatewayEvent } from "./gateway-event.ts";

/** Tells people at standard error what matters. */
export function writeEvent(event: GatewayEvent): void {
  const line = describe(event);
  if (line !== undefined) process.stderr.write(`${line}\n`);
}

function describe(event: GatewayEvent): string | undefined {
  switch (event.type) {
    case "log":
      return event.level === "debug" ? undefined : `worker ${event.worker.id}: ${event.text}`;
    case "ended":
      if (event.isWanted) return undefined;
      return `worker ${event.worker.id} ended: ${event.error?.message ?? event.how}`;
    case "start-failed":
      return event.error.message;
    case "replacing":
      return event.reason === "stuck" ? `worker ${event.worker.id} is stuck, and is replaced` : undefined;
    case "ready":
    case "request-failed":
      return undefined;
  }
}
