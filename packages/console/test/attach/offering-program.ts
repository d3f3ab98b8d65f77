import { openNetworkAccessManager } from "@fairlead/access";
import { offerInspection } from "@fairlead/console/inspection";

const [path = "", url = ""] = process.argv.slice(2);
const manager = await openNetworkAccessManager();
await offerInspection(manager, { path });
await (await manager.request(url)).text();
console.log("ready");
