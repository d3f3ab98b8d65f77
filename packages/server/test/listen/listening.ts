import type { FairleadError } from "@fairlead/core";
import {
  createListener,
  type IncomingConnection,
  type Listener,
  type ListenerOptions,
} from "../../src/listen/index.ts";

/** A listener whose connections and failures are waited for in turn. */
export function listening(options: Partial<ListenerOptions> = {}): {
  readonly listener: Listener;
  readonly failures: readonly FairleadError[];
  readonly next: () => Promise<IncomingConnection>;
  readonly failure: () => Promise<FairleadError>;
} {
  const connections = queue<IncomingConnection>();
  const errors = queue<FairleadError>();
  const failures: FairleadError[] = [];
  const listener = createListener({
    ...options,
    onConnection: connections.add,
    onFailure: (error) => {
      failures.push(error);
      errors.add(error);
    },
  });
  return { listener, failures, next: connections.next, failure: errors.next };
}

/** What is added is waited for in turn. */
export function queue<T>(): { readonly add: (item: T) => void; readonly next: () => Promise<T> } {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    add(item) {
      const first = waiting.shift();
      if (first === undefined) items.push(item);
      else first(item);
    },
    next() {
      const first = items.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}
