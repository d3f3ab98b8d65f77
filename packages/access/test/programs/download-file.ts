/** Downloads to a file, going on with what is there, and tells when it has come so far. */
import { openNetworkAccessManager } from "@fairlead/access";
import { writeSync } from "node:fs";

const [url = "", file = "", parallel = "1", until = "0"] = process.argv.slice(2);
await using manager = await openNetworkAccessManager();
await manager.download(url, file, {
  resume: true,
  parallel: Number(parallel),
  onProgress: ({ receivedBytes }) => {
    if (receivedBytes >= Number(until)) writeSync(1, "there\n");
  },
});
