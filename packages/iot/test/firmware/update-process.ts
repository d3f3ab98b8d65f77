/** Updates firmware in a process of its own, which a test may kill: update-process.ts URI FOLDER. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { channelRequester, datagramChannel } from "@fairlead/iot/coap";
import { coseVerificationKey, openFirmwareFile, updateFirmware } from "@fairlead/iot/firmware";
import { openStore } from "@fairlead/store";
import { connectUdp } from "@fairlead/transport";
import { device } from "./signed-envelope.ts";

const [, , manifest = "", folder = ""] = process.argv;
await using store = await openStore(`file:${join(folder, "store.json")}`);
const { host, port } = new URL(manifest.replace("coap:", "http:"));
await using channel = datagramChannel(await connectUdp({ host: host.replace(/:\d+$/, ""), port: Number(port) }));
const { type } = await updateFirmware({
  ...{ manifest, store, device },
  keys: [coseVerificationKey(await readFile(join(folder, "vendor.pem"), "utf8"))],
  requester: () => channelRequester(channel),
  openSlot: () => openFirmwareFile(join(folder, "image")),
  activate: () => undefined,
});
process.send?.(type);
process.disconnect();
