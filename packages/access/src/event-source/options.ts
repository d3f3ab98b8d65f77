import type { ReconnectOption } from "../reconnect-option.ts";
import type { RequestOptions } from "../request.ts";

/**
 * What one event source may say for itself. What is said of a request holds for each that it makes; `signal` closes it,
 * whenever it fires. Of the deadlines `body` and `total` hold only where they are given here: an event stream may be silent,
 * and has no end.
 */
export interface EventSourceOptions extends Omit<RequestOptions, "cache"> {
  /** The last event that an earlier source had, to go on behind it. */
  readonly lastEventId?: string;
  /**
   * When a stream that ended or broke off is asked for again: after what its server says, or 3 s, and later with each attempt
   * that fails, by default; a server that says less than 500 ms is believed where `delayMilliseconds` is less. `false` for
   * never.
   */
  readonly reconnect?: ReconnectOption;
  /** Bytes of one event, and of one line, at the most; 8 MiB by default. */
  readonly eventLimitBytes?: number;
  /** Characters of events that wait for a reader before the server is held back; 65,536 by default. */
  readonly readAheadCharacters?: number;
}
