import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mintCertificate } from "@fairlead/testserver/authority";
import { deviceIdentity } from "../../../src/services/devices/dtls/device-key.ts";
import { dtlsServices } from "../../../src/services/devices/dtls/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";
import type { Outcome, RunOptions } from "../../outside.ts";

const key = Buffer.from(deviceIdentity.key).toString("hex");

describeServices(dtlsServices, {
  "dtls-echo": {
    by: ["openssl", "gnutls-cli"],
    check: async (check) => {
      await echoes(check, [], "Verify return code: 0 (ok)");
      const { output } = await check.gnutlsCli(["--udp"], { input: "hello\n", until: "hello\n" });
      assert.match(output, /The certificate is trusted/);
      assert.match(output, /\nhello\n/);
    },
  },
  "dtls-echo-gnutls": {
    by: ["openssl"],
    check: (check) => echoes(check, [], "Verify return code: 0 (ok)"),
  },
  "dtls-echo-psk": {
    by: ["openssl"],
    check: async (check) => {
      await echoes(check, ["-psk_identity", deviceIdentity.name, "-psk", key], "Cipher is");
      const stranger = await sClient(check, ["-psk_identity", "stranger", "-psk", key]);
      assert.notEqual(stranger.code, 0);
      assert.ok(
        check.network.traffic.some(({ type, service }) => type === "handshake-failed" && service === "dtls-echo-psk"),
      );
    },
  },
  "dtls-client-certificate": {
    by: ["openssl"],
    check: async (check) => {
      const { network, folder } = check;
      const { certificate, privateKey } = await mintCertificate({
        issuer: network.ca,
        names: ["device"],
        usage: "client",
      });
      const file = join(folder, "device.pem");
      await writeFile(file, certificate + privateKey, { mode: 0o600 });
      await echoes(check, ["-cert", file], "Verify return code: 0 (ok)");
      const without = await sClient(check, []);
      assert.notEqual(without.code, 0);
      assert.match(without.output, /alert handshake failure|alert bad certificate/);
    },
  },
  "dtls-expired": shows("certificate has expired", 10),
  "dtls-wrong-host": shows("hostname mismatch", 62),
  "dtls-untrusted-root": shows("unable to get local issuer certificate", 20),
  "dtls-close": {
    by: ["openssl"],
    check: async (check) => {
      const { output } = await sClient(check, [], { input: "hello\n", until: "never" });
      assert.match(output, /Verify return code: 0 \(ok\)/);
      assert.doesNotMatch(output, /^hello$/m);
      assert.match(output, /closed/);
    },
  },
  "dtls-stall": {
    by: ["openssl"],
    check: async (check) => {
      const { output, code } = await sClient(check, ["-msg"], { until: "never", timeoutMilliseconds: 1500 });
      assert.equal(code, null, "it waits until it is ended");
      // s_client names neither; 03 is HelloVerifyRequest.
      assert.match(output, /<<<[^\n]*\n    03 /);
      assert.doesNotMatch(output, /<<<[^\n]*\n    02 /, "no ServerHello");
    },
  },
  "dtls-alert": {
    by: ["openssl"],
    check: async (check) => {
      const { output, code } = await sClient(check, []);
      assert.notEqual(code, 0);
      assert.match(output, /alert handshake failure.*SSL alert number 40/);
    },
  },
});

function sClient(check: ServiceCheck, arguments_: readonly string[], options?: RunOptions): Promise<Outcome> {
  return check.sClient(["-dtls1_2", ...arguments_], options);
}

async function echoes(check: ServiceCheck, arguments_: readonly string[], expected: string): Promise<void> {
  const { output } = await sClient(check, arguments_, { input: "hello\n", until: "\nhello\n" });
  assert.ok(output.includes(expected), output);
  assert.match(output, /\nhello\n/);
}

/** As `openssl verify` numbers it. */
function shows(reason: string, number: number): OutsideCheck {
  return {
    by: ["openssl"],
    check: async (check) => {
      const { output } = await sClient(check, []);
      assert.ok(
        output.includes(`Verify return code: ${number} (${reason})`) || output.includes(`num=${number}:${reason}`),
        output,
      );
    },
  };
}
