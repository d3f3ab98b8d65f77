import type { WorkerContext } from "@fairlead/server/cluster";
import type { TlsIdentity } from "@fairlead/tls";
import { LeanResponse, type ServeOptions } from "../../src/index.ts";

/** What the tests of workers serve: who answers, and how a worker ends. */
function worker({ number, metrics }: WorkerContext): ServeOptions {
  const { TEST_WORKER_FAULT: fault, TEST_WORKER_IDENTITY: identity } = process.env;
  if (fault !== undefined) throw new Error(fault);
  return {
    fetch: (request, context) => {
      switch (new URL(request.url).pathname) {
        case "/metrics":
          return metrics.fetch(request, context);
        case "/crash":
          process.kill(process.pid, "SIGKILL");
          return new LeanResponse();
        default:
          return LeanResponse.json({ number, processId: process.pid });
      }
    },
    host: "127.0.0.1",
    // What the test has minted.
    ...(identity !== undefined && { tls: { identity: JSON.parse(identity) as TlsIdentity } }),
  };
}

export { worker as default };
