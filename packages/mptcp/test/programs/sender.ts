/** Sends the same bytes to each peer, by multipath TCP on one port, by plain TCP on another; the end once a line is typed. */
import { createCipheriv, createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { multipathTcp } from "../../src/index.ts";
import { chunkBytes, heldBytes, ports, totalBytes } from "./transfer.ts";

const host = "0.0.0.0";
const multipath = multipathTcp();
let isTyped = false;
const typed = once(process.stdin, "data").then(() => (isTyped = true));
await multipath.listen(createServer(send), { host, port: ports.multipath, required: true });
await once(createServer(send).listen(ports.plain, host), "listening");

const whole = createHash("sha256");
for (const chunk of chunks()) whole.update(chunk);
console.log("digest", whole.digest("hex"));

function send(socket: Socket): void {
  const rest = chunks();
  let sent = 0;
  const go = (): void => {
    while (sent !== heldBytes || isTyped) {
      // Not by `for … of`, which ends what it leaves.
      const { value, done } = rest.next();
      if (done === true) return void socket.end();
      sent += chunkBytes;
      if (!socket.write(value)) return;
    }
  };
  void typed.then(go);
  socket.on("drain", go).on("error", () => undefined);
  go();
}

/** No two are alike, so that none can take another's place. */
function* chunks(): Generator<Buffer, undefined> {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  const zeros = Buffer.alloc(chunkBytes);
  for (let sent = 0; sent < totalBytes; sent += chunkBytes) yield cipher.update(zeros);
}
