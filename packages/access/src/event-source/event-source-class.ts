import type { StreamGround } from "../web-events/stream-ground.ts";
import { ManagedEventSource } from "./managed-event-source.ts";

/** The class `EventSource` of the standard. */
export interface EventSourceClass {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  /** What the standard takes for a second argument changes nothing. @throws UsageError */
  new (url: string | URL): ManagedEventSource;
}

/** Makes the class whose sources are one manager's. */
export function eventSourceClass(ground: StreamGround): EventSourceClass {
  return class EventSource extends ManagedEventSource {
    constructor(url: string | URL) {
      super(ground, url);
    }
  };
}
