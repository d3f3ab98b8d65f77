import type { Timeouts } from "../timeouts.ts";
import type { Target } from "../target.ts";
import { Http1Connection, type Http1Settings } from "./h1/http1-connection.ts";
import { Turn } from "./h1/turn.ts";
import type { SpeakHttp } from "./pooled-connection.ts";

/** Makes what speaks HTTP on the connections of one manager. */
export function speaker(timeouts: Timeouts): (target: Target) => SpeakHttp {
  const settings: Http1Settings = { timeouts, turn: new Turn() };
  return ({ peer }) =>
    ({ stream }, events) =>
      new Http1Connection(stream, peer, settings, events);
}
