import type { Speak } from "../exchange/index.ts";
import { Http1Connection } from "./http1-connection.ts";

/** Speaks HTTP/1.0 and 1.1 on a connection, as the client's requests say. RFC 9112. */
export const speakHttp1: Speak = (stream, first, host) => new Http1Connection(stream, first, host);
