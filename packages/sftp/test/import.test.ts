import { equal } from "node:assert/strict";
import { test } from "node:test";
import { runPeer } from "@fairlead/conformance/peers";

test("making a handler loads nothing of SSH", async () => {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { sftpScheme } = await import("@fairlead/sftp");
    await sftpScheme({ knownHosts: "/nowhere", agent: "environment", keys: [{ file: "/nowhere" }] }).close();
    console.log("ssh2:", loaded.filter((url) => /node_modules/.test(url)).length);
  `;
  const output = await runPeer(process.execPath, ["--conditions=source", "--input-type=module", "-e", program]);
  equal(output.trim(), "ssh2: 0");
});
