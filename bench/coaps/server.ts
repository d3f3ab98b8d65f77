import { listenCoaps, serveChannel } from "@fairlead/iot/coap";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { openUdp } from "@fairlead/transport";
import { answer } from "../measuring/child.ts";
import { backendOf, benchKey } from "./sides.ts";

/** Where the server is, and what a client trusts. */
export interface CoapsServerPlace {
  readonly port: number;
  readonly anchor: string;
}

const [side = "openssl", credential = "key"] = process.argv.slice(2);
const root = await mintAuthority();
const identity = await mintCertificate({ issuer: root, names: ["127.0.0.1"] });
const listener = listenCoaps(
  await openUdp(),
  (channel) => {
    serveChannel(channel, () => ({ code: "2.05", options: [], payload: new Uint8Array(0) }));
  },
  { backend: backendOf(side), ...(credential === "key" ? { psk: () => benchKey.key } : { identity }) },
);
const place: CoapsServerPlace = { port: listener.address.port, anchor: root.certificate };
answer(() => Promise.resolve(place));
