/** Updates firmware in a process of its own, which a test may kill: update-process.ts URI FOLDER. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { coapClient } from "@fairlead/iot/coap";
import { coseVerificationKey, openFirmwareFile, updateFirmware } from "@fairlead/iot/firmware";
import { openStore } from "@fairlead/store";
import { device } from "./signed-envelope.ts";

const [, , manifest = "", folder = ""] = process.argv;
await using store = await openStore(`file:${join(folder, "store.json")}`);
await using client = coapClient();
const { type } = await updateFirmware({
  ...{ client, manifest, store, device },
  keys: [coseVerificationKey(await readFile(join(folder, "vendor.pem"), "utf8"))],
  openSlot: () => openFirmwareFile(join(folder, "image")),
  activate: () => undefined,
});
process.send?.(type);
process.disconnect();
