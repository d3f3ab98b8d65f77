/** A server of the library `ws` that sends all back, in a process of its own so that its cost is not counted. */
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false, backlog: 2_048 });
server.on("connection", (socket) => {
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    socket.send(data, { binary: isBinary });
  });
  socket.on("error", () => undefined);
});
server.on("listening", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});
process.on("disconnect", () => {
  process.exit();
});
