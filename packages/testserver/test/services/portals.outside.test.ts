import assert from "node:assert/strict";
import { portalServices } from "../../src/services/portals/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";

describeServices(portalServices, {
  portal: {
    by: ["curl"],
    check: async (check) => {
      const { curl, service, network } = check;
      await setCaptive(check, true);
      const login = `http://localhost:${service.port}/login`;
      const captive = await curl("-w", "%{http_code} %header{location}", "-o", "/dev/null", "/generate_204");
      assert.equal(captive.stdout, `302 ${login}`);
      assert.match((await curl(login)).stdout, /<form method="post" action="\/login">/);
      const unaccepted = await curl("-d", "name=x", "-o", "/dev/null", "-w", "%{http_code}", login);
      assert.equal(unaccepted.stdout, "400");
      assert.match((await curl("-L", "-d", "accept=yes", login)).stdout, /You are online/);
      assert.equal((await curl("-w", "%{http_code}", "/generate_204")).stdout, "204");
      assert.equal((await curl("/connecttest.txt")).stdout, "Microsoft Connect Test");
      assert.match((await curl("/json")).stdout, /fairlead test network/);
      // The session ends by the network's clock.
      network.clock.advance(3_600_000);
      assert.match((await curl("-i", "/json")).stdout, /^HTTP\/1\.1 302 /);
      network.clock.advance(-3_600_000);
      await curl("-d", "", `http://localhost:${service.port}/logout`);
      assert.match((await curl("-i", "/json")).stdout, /^HTTP\/1\.1 302 /);
    },
  },
  "portal-511": captive(0, /^HTTP\/1\.1 511 [\s\S]*href="http:\/\/localhost:\d+\/login"/),
  "portal-200": captive(0, /^HTTP\/1\.1 200 [\s\S]*<form method="post"/),
  "portal-refresh": captive(
    0,
    /^HTTP\/1\.1 200 [\s\S]*http-equiv="refresh" content="0; url=http:\/\/localhost:\d+\/login"/,
  ),
  "portal-slow": {
    by: ["curl"],
    check: async (check) => {
      await setCaptive(check, true);
      assert.equal((await check.curl("--max-time", "0.3", "/json")).code, 28);
      assert.match((await check.curl("-i", "/json")).stdout, /^HTTP\/1\.1 302 /);
    },
  },
  "portal-stall": captive(28, /timed out/, "--max-time", "0.5"),
  "portal-reset": captive(56, /reset by peer/),
  "portal-no-content": captive(0, /^HTTP\/1\.1 204 /),
  "portal-api": {
    by: ["curl"],
    check: async (check) => {
      await setCaptive(check, true);
      const { stdout } = await check.curl("-i", "/api");
      assert.match(stdout, /^content-type: application\/captive\+json\r$/m);
      assert.partialDeepStrictEqual(JSON.parse(stdout.split("\r\n\r\n")[1] ?? ""), {
        captive: true,
        "user-portal-url": `http://localhost:${check.network.service("portal").port}/login`,
      });
      await setCaptive(check, false);
      const free: unknown = JSON.parse((await check.curl("/api")).stdout);
      assert.partialDeepStrictEqual(free, { captive: false });
      const left = Number((free as { readonly "seconds-remaining": unknown })["seconds-remaining"]);
      assert.ok(left > 590 && left <= 600);
      await setCaptive(check, true);
    },
  },
  "portal-api-lies": captive(0, /"captive":false/),
  "portal-api-broken": captive(0, /"user-portal-u$/),
  "portal-api-html": captive(0, /text\/html[\s\S]*<p>Welcome/),
  "portal-api-no-page": captive(0, /\{"captive":true\}/),
  "portal-api-wrong-types": captive(0, /"captive":"yes","user-portal-url":42/),
  "portal-api-scheme": captive(0, /"javascript:alert\(1\)"/),
  "portal-api-slow": {
    by: ["curl"],
    check: async (check) => {
      await setCaptive(check, true);
      const { stdout } = await check.curl("-w", " %{time_starttransfer}", "/api");
      assert.match(stdout, /"captive":true/);
      assert.ok(Number(stdout.split(" ").at(-1)) >= 0.5);
    },
  },
});

function captive(code: number, shows: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      await setCaptive(check, true);
      const target = check.service.scheme === "https" ? "/api" : "/generate_204";
      const outcome = await check.curl("-i", ...options, target);
      assert.match(outcome.output, shows);
      assert.equal(outcome.code, code);
    },
  };
}

/** By the control service, as a test in any language would. */
async function setCaptive({ curl, network }: ServiceCheck, captive: boolean): Promise<void> {
  const { port } = network.service("control");
  const body = JSON.stringify(captive ? { captive } : { captive, seconds: 600 });
  const options = ["-X", "PUT", "-H", "Content-Type: application/json", "-d", body];
  const { stdout } = await curl(...options, `http://localhost:${port}/portal`);
  assert.partialDeepStrictEqual(JSON.parse(stdout), { captive });
}
