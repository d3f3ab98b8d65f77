import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { authorityServices } from "../../../src/services/revocation/index.ts";
import { describeServices, type ServiceCheck } from "../../describe-services.ts";
import { requestBytes } from "../../raw-client.ts";

describeServices(authorityServices, {
  ocsp: {
    by: ["openssl", "curl"],
    check: async (check) => {
      const { run, curl, service, folder, caFile } = check;
      const issuer = join(folder, "intermediate.pem");
      await writeFile(issuer, await intermediateOf(check));
      const request = join(folder, "request.der");
      const query = ["ocsp", "-issuer", issuer, "-serial", "0x4711", "-CAfile", caFile];
      await run("openssl", [...query, "-no_nonce", "-reqout", request]);
      // By GET, as RFC 6960 appendix A.1 has it.
      const encoded = encodeURIComponent((await readFile(request)).toString("base64"));
      const response = join(folder, "response.der");
      await curl("--output", response, `${service.origin}/${encoded}`);
      assert.match((await run("openssl", [...query, "-no_nonce", "-respin", response])).output, /0x4711: good/);
      // By POST, about two at once, and with what is no request at all.
      const { output } = await run("openssl", [...query, "-serial", "0x4712", "-url", `${service.origin}/revoked`]);
      assert.match(output, /0x4711: revoked[^]*Reason: keyCompromise[^]*0x4712: revoked/);
      for (const path of ["/", "/good/%", "/nowhere"]) {
        const { stdout } = await curl("--data-binary", "nonsense", "--output", "-", service.origin + path);
        assert.equal(stdout, "0\x03\n\x01\x01");
      }
      await curl("--data-binary", `@${request}`, "--output", response, `${service.origin}/nowhere`);
      assert.equal(await readFile(response, "utf8"), "there is nothing here\n");
      // More than a request can be.
      const body = requestBytes("/", "POST", [], "x".repeat(100_000)).split("\r\n\r\n")[1] ?? "";
      assert.equal((await curl("--data-binary", body, `${service.origin}/`)).stdout, "that is too much\n");
    },
  },
  crl: {
    by: ["openssl", "curl"],
    check: async (check) => {
      const { run, curl, service, folder, caFile, network } = check;
      const file = join(folder, "list.crl");
      const read = async (): Promise<string> => {
        await curl("--output", file, `${service.origin}/list.crl`);
        return (await run("openssl", ["crl", "-inform", "DER", "-noout", "-text", "-in", file])).stdout;
      };
      assert.match(await read(), /Issuer: CN = Fairlead Test Intermediate\n[^]*No Revoked Certificates/);
      const issuer = join(folder, "both.pem");
      const chain = (await readFile(caFile, "utf8")) + (await intermediateOf(check));
      await writeFile(issuer, chain);
      const verified = await run("openssl", ["crl", "-inform", "DER", "-noout", "-in", file, "-CAfile", issuer]);
      assert.equal(verified.output, "verify OK\n");
      // The time is the network's.
      network.clock.advance(365 * 86_400_000);
      const year = new Date(network.clock.now()).getFullYear();
      assert.match(await read(), new RegExp(`Last Update: .* ${year} GMT`));
      network.clock.advance(-365 * 86_400_000);
    },
  },
  aia: {
    by: ["openssl", "curl"],
    check: async ({ run, curl, service, folder }) => {
      const file = join(folder, "intermediate.cer");
      await curl("--output", file, `${service.origin}/intermediate.cer`);
      const { stdout } = await run("openssl", ["x509", "-inform", "DER", "-in", file, "-noout", "-subject", "-issuer"]);
      assert.equal(stdout, "subject=CN = Fairlead Test Intermediate\nissuer=CN = Fairlead Test Root\n");
    },
  },
});

/** The certificate of the network's intermediate, which its good service sends. */
async function intermediateOf({ run, network }: ServiceCheck): Promise<string> {
  const { host, port } = network.service("https");
  const { stdout } = await run("openssl", ["s_client", "-connect", `${host}:${port}`, "-showcerts"]);
  return stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)?.[1] ?? "";
}
