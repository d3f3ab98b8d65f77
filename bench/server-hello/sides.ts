/** Who says hello. */
export const sides = [
  "fairlead",
  "fairlead, Response",
  "fairlead, Hono",
  "node:http",
  "fastify",
  "hono",
  "srvx",
  "fairlead, (req, res)",
  "fairlead, express",
  "express",
] as const;
export type HelloSide = (typeof sides)[number];

/** How it is asked: HTTP/1.1 plain and over TLS 1.3, HTTP/2 over TLS 1.3. */
export type HelloProtocol = "http" | "https" | "h2";
