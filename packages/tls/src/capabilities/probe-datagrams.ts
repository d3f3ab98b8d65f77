import { memoryDatagramPair } from "@fairlead/transport";
import { type Probe, withinDeadline } from "./probe-pair.ts";

/** A DTLS handshake over datagrams in memory, the exchange of cookies included, and a datagram. */
export async function securesDatagrams({ backend, certificates, deadlineMilliseconds }: Probe): Promise<boolean> {
  const { connectDatagram, acceptDatagram } = backend;
  if (connectDatagram === undefined || acceptDatagram === undefined) return false;
  const [near, far] = memoryDatagramPair();
  try {
    return await withinDeadline(deadlineMilliseconds, async (signal) => {
      const { host, trust, identity } = certificates;
      const [client, server] = await Promise.all([
        connectDatagram(near, { host, trust, signal }),
        acceptDatagram(far, { identity, signal }),
      ]);
      const { promise, resolve } = Promise.withResolvers<Uint8Array>();
      server.once("message", resolve);
      client.send(Buffer.from("a"));
      return client.authorized && Buffer.from(await promise).toString() === "a";
    });
  } finally {
    near.close();
    far.close();
  }
}
