/** Server-sent events: the bytes of a `text/event-stream` become events. WHATWG HTML section 9.2. */
export { EventStreamParser, type EventStreamOptions, type EventStreamSink, type StreamEvent } from "./parser.ts";
export { isEventStream } from "./content-type.ts";
