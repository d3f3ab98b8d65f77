/** HTTP/2 on the connections of a server, RFC 9113 and 8441. */
import { Http2Driver } from "./http2-driver.ts";
import type { Speak } from "../exchange/index.ts";

/** Speaks HTTP/2. What comes first is the client's preface, whether by ALPN or by prior knowledge. */
export const speakHttp2: Speak = (stream, first, host) => new Http2Driver(stream, first, host);
