/** One end of a bulk transfer: `sender` listens and writes as much as it is asked for, `receiver` reads it. */
import { once } from "node:events";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { answer } from "../measuring/child.ts";
import { ciphers, openSide, type SecureSocket } from "./sides.ts";

const chunk = Buffer.alloc(262_144, 7);
const [role = "", sideName = "", cipherName = ""] = process.argv.slice(2);
const side = openSide(sideName);

if (role === "sender") {
  const authority = await mintAuthority();
  const identity = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
  const cipher = ciphers.find((each) => each === cipherName);
  const onSocket = (socket: SecureSocket): void => {
    socket.once("data", (data: Buffer) => {
      let left = data.readDoubleBE() / chunk.length;
      const fill = (): void => {
        while (left > 0) {
          left -= 1;
          if (!socket.write(chunk)) return void socket.once("drain", fill);
        }
        socket.end();
      };
      fill();
    });
  };
  const { port } = await side.listen({ identity, cipher, onSocket });
  answer(async () => ({ port, ca: authority.certificate, cpu: process.cpuUsage() }));
} else {
  answer(async (message) => {
    // What tls-bulk.ts sends.
    const { port, ca, bytes } = message as { port: number; ca: string; bytes: number };
    const socket = await side.connect({ port, ca });
    const cpu = process.cpuUsage();
    const started = performance.now();
    let received = 0;
    socket.on("data", (data: Buffer) => (received += data.length));
    const request = Buffer.alloc(8);
    request.writeDoubleBE(bytes);
    socket.write(request);
    await once(socket, "end");
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    socket.end();
    if (received !== bytes) throw new Error(`got ${String(received)} bytes where ${String(bytes)} were asked for`);
    const { name, standardName = name } = socket.getCipher();
    return { seconds, cpu: used, cipher: standardName };
  });
}
