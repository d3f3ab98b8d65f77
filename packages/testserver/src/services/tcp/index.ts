import type { Socket } from "node:net";
import { serviceFamily, type StreamDriver } from "../service-entry.ts";

/** What speaks neither HTTP nor TLS. */
export const tcpServices = serviceFamily("tcp", "speak neither TLS nor HTTP", [
  {
    name: "tcp-echo",
    scheme: "tcp",
    does: "greets with a line of text, then sends back what it gets; speaks no TLS",
    example: "nc {host} {port}",
    open: () =>
      serve((socket) => {
        socket.write("220 this port speaks neither TLS nor HTTP\r\n");
        socket.pipe(socket);
      }),
  },
  {
    name: "tcp-silent",
    scheme: "tcp",
    does: "accepts, reads, and never answers",
    open: () => serve((socket) => socket.resume()),
  },
  {
    name: "tcp-close",
    scheme: "tcp",
    does: "accepts and closes at once",
    open: () =>
      serve((socket) => {
        socket.end();
        socket.resume();
      }),
  },
  {
    name: "tcp-reset",
    scheme: "tcp",
    does: "accepts and resets at once",
    open: () => serve((socket) => socket.resetAndDestroy()),
  },
]);

function serve(accept: (socket: Socket) => void): StreamDriver {
  return { accept };
}
