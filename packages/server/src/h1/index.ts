/** HTTP/1.0 and 1.1 on a connection, RFC 9112. */
export { speakHttp1 } from "./speak-http1.ts";
