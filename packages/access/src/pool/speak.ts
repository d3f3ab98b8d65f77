import type { HopOptions } from "../dispatch.ts";
import type { Target } from "../target.ts";
import { Http1Connection, type Http1Settings } from "./h1/http1-connection.ts";
import { Http2Connection, type Http2ConnectionOptions } from "./h2/http2-connection.ts";
import { SharedConnection } from "./h2/shared-connection.ts";
import type { SpeakHttp } from "./pooled-connection.ts";

/** What the connections of one manager are spoken on with. */
export interface SpeakerOptions {
  readonly http1: Http1Settings;
  readonly http2: Omit<Http2ConnectionOptions, "onHttp1Required" | "onNoExtendedConnect">;
  /** Called with a request that its server wants over HTTP/1.1, before it fails for that. */
  readonly onHttp1Required: (options: HopOptions) => void;
  /** Called with a request for another protocol whose server gives it no stream, before it fails for that. */
  readonly onNoExtendedConnect: (options: HopOptions) => void;
}

/** Makes what speaks HTTP on the connections of one manager, by the version that was agreed on. */
export function speaker({
  http1,
  http2,
  onHttp1Required,
  onNoExtendedConnect,
}: SpeakerOptions): (target: Target) => SpeakHttp {
  const options = { ...http2, onHttp1Required, onNoExtendedConnect };
  return ({ peer, origin }) =>
    ({ stream, protocol, sharing }, events) => {
      if (protocol === "http/1.1") return new Http1Connection(stream, peer, http1, events);
      if (sharing?.type === "joins") return sharing.connection.join(origin, events);
      const shared = new SharedConnection((all) => new Http2Connection(stream, peer, options, all));
      if (sharing?.type === "offers") sharing.offer(shared);
      return shared.join(origin, events);
    };
}
