/** Server-sent events: the bytes of a `text/event-stream` become events, and events become its text. WHATWG HTML section 9.2. */
export { EventStreamParser, type EventStreamOptions, type EventStreamSink, type StreamEvent } from "./parser.ts";
export { formatComment, formatEvent, type OutgoingEvent } from "./formatter.ts";
export { isEventStream } from "./content-type.ts";
