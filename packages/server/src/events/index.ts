/** Server-sent events. WHATWG HTML section 9.2. */
export { eventStream, type EventStream, type EventStreamOptions, type OnEventStream } from "./event-stream.ts";
