import { acceptWebSocket, LeanResponse, type RequestContext } from "@fairlead/server";
import type { Inspection } from "../inspection/inspection.ts";

/** Pages that look at the same time. */
const SOCKETS_LIMIT = 16;
/** Policy violation: nothing is to be said on this socket. RFC 6455 section 7.4.1. */
const POLICY_VIOLATION = 1008;

/** Opens WebSockets on which a page is told what happens. */
export class EventSockets {
  readonly #inspection: Inspection;
  #open = 0;

  constructor(inspection: Inspection) {
    this.#inspection = inspection;
  }

  accept(request: Request, context: RequestContext): Response {
    if (this.#open >= SOCKETS_LIMIT) {
      return new LeanResponse("too many pages look at this console", { status: 503 });
    }
    return acceptWebSocket(
      request,
      context,
      async (socket) => {
        this.#open += 1;
        // Pages ask by HTTP, and listen here.
        socket.on("message", () => {
          socket.close(POLICY_VIOLATION);
        });
        const subscription = this.#inspection.subscribe(async (events) => {
          for (const event of events) await socket.send(JSON.stringify(event));
        });
        try {
          await socket.closed;
        } finally {
          subscription[Symbol.dispose]();
          this.#open -= 1;
        }
      },
      { limits: { messageBytes: 1_024 } },
    );
  }
}
