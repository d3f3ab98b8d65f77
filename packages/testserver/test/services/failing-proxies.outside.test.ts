import assert from "node:assert/strict";
import { failingProxyServices } from "../../src/services/proxies/failing.ts";
import { describeServices } from "../describe-services.ts";
import { comesInPieces } from "./pieces.ts";
import { arrives, outcome, stalls, through, urlOf } from "./through-proxy.ts";

describeServices(failingProxyServices, {
  "proxy-close": outcome(56, /Proxy CONNECT aborted/),
  "proxy-reset": outcome(56, /Connection reset by peer/),
  "proxy-cut-head": outcome(56, /Proxy CONNECT aborted/),
  "proxy-cut-after-200": outcome(35, /response 200[\s\S]*SSL_ERROR_SYSCALL/, "-v"),
  "proxy-reset-after-200": outcome(35, /response 200[\s\S]*Connection reset by peer/, "-v"),
  "proxy-cut-tunnel": {
    by: ["curl"],
    check: async (check) => {
      const { code, stdout } = await through(check, urlOf(check, "http", "/bytes/5000"), "-p", "-i", "-o", "-");
      // 18: less came than the length said.
      assert.deepEqual([code, Buffer.byteLength(stdout) > 500], [18, true]);
      const secure = await through(check, urlOf(check, "https"), "-v");
      assert.match(secure.stderr, /response 200/);
      assert.equal(secure.code, 35);
    },
  },
  "proxy-stall": stalls(/CONNECT a\.fairlead\.test/),
  "proxy-stall-head": stalls(/Via|HTTP\/1\.1 200/),
  "proxy-stall-tunnel": stalls(/response 200/),
  "proxy-slow": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await through(check, urlOf(check, "https"))).code, 0);
      const { code } = await through(check, urlOf(check, "https"), "--max-time", "0.3");
      assert.equal(code, 28);
    },
  },
  "proxy-drip": {
    by: ["curl", "python3"],
    check: async (check) => {
      await arrives().check(check);
      const target = `127.0.0.1:${check.network.service("https").port}`;
      const established = "HTTP/1.1 200 Connection established\r\n\r\n";
      const request = `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
      const heard = await comesInPieces(check, [[request, established.length]]);
      assert.equal(heard.toString(), established);
    },
  },
  "proxy-endless-head": outcome(56, /Too large response headers/),
});
