/** Brings a file over a cut and held to its digest, and sends one. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNetworkAccessManager } from "fairlead";
import { startTestNetwork } from "@fairlead/testserver";

await using network = await startTestNetwork();
await using manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
});
const folder = await mkdtemp(join(tmpdir(), "download-"));
const file = join(folder, "file.bin");

// The server cuts the connection at a third of the way, and says in Repr-Digest what the file is.
const result = await manager.download(`${network.https.origin}/file/300000?cut=100000&digest=yes`, file, {
  resume: true,
  onProgress: ({ receivedBytes, totalBytes }) => {
    console.log(`${String(receivedBytes)} of ${String(totalBytes ?? "nobody knows how many")} bytes`);
  },
});
console.log(`${String(result.transactions.length)} requests; sha-256 ${result.digests["sha-256"] ?? "unknown"}`);
console.log(
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex"),
);

const response = await manager.upload(`${network.https.origin}/echo`, file, { digest: "sha-256" });
console.log(response.status);
response.discard();
await rm(folder, { recursive: true });
