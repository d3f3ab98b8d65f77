/** Connections of other libraries, over any TLS backend. */
export { connectHttp2 } from "./connect-http2.ts";
export { httpsAgent, type HttpsPoolOptions } from "./https-agent.ts";
export { mqttStream } from "./mqtt-stream.ts";
export { nodemailerSocket, type NodemailerSocket, type NodemailerSocketRequest } from "./nodemailer-socket.ts";
export type { AdapterAddress, AdapterOptions } from "./open-secure.ts";
export { undiciConnector, type UndiciConnectRequest, type UndiciConnectResult } from "./undici-connector.ts";
