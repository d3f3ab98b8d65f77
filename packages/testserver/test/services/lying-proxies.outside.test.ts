import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { lyingProxyServices } from "../../src/services/proxies/lying.ts";
import { describeServices, type OutsideCheck } from "../describe-services.ts";
import { comesWhole } from "./pieces.ts";
import { arrives, outcome, through, urlOf } from "./through-proxy.ts";

describeServices(lyingProxyServices, {
  "proxy-407-forever": outcome(56, /response 407/, "-U", "user:secret"),
  "proxy-407-close": {
    by: ["curl"],
    check: async (check) => {
      const terms = ["-U", "user:secret", "--proxy-anyauth", "-v"];
      const { stdout, stderr } = await through(check, urlOf(check, "https"), ...terms);
      assert.match(stderr, /407[\s\S]*(?:Connect me again|Connection died)[\s\S]*response 200/);
      assert.match(stdout, /fairlead test network/);
    },
  },
  "proxy-407-unknown": outcome(56, /Proxy-Authenticate: Quantum[\s\S]*response 407/i, "-v", "-U", "user:secret"),
  "proxy-407-many": {
    by: ["curl"],
    check: async (check) => {
      const asked = await through(check, urlOf(check, "https"), "-v");
      assert.match(asked.stderr, /Proxy-Authenticate: Quantum x="a, b", Negotiate, Bearer realm="proxy", Basic/i);
      assert.equal((await through(check, urlOf(check, "https"), "-U", "user:secret")).code, 0);
    },
  },
  "proxy-407-bare": {
    by: ["curl"],
    check: async (check) => {
      const { stderr } = await through(check, urlOf(check, "https"), "-v");
      assert.match(stderr, /response 407/);
      assert.doesNotMatch(stderr, /Proxy-Authenticate/i);
    },
  },
  "proxy-302": outcome(56, /Location: http:\/\/portal[\s\S]*response 302/, "-v", "-L"),
  "proxy-403": outcome(56, /text\/html[\s\S]*response 403/, "-v"),
  "proxy-502": outcome(56, /response 502/),
  "proxy-503": outcome(56, /Retry-After: 60[\s\S]*response 503/, "-v"),
  "proxy-504": outcome(56, /response 504/),
  "proxy-200-page": outcome(35, /wrong version number/),
  "proxy-101": outcome(56, /response 101/),
  "proxy-garbage": outcome(56, /response 0/),
  "proxy-no-head": outcome(56, /Proxy CONNECT aborted/),
  "proxy-tls-alert": outcome(56, /Proxy CONNECT aborted/),
  "proxy-200-length": outcome(
    0,
    /< Content-Length: 5\r\n[\s\S]*< Transfer-Encoding: chunked\r\n[\s\S]*fairlead test network/,
    "-v",
  ),
  "proxy-204": outcome(0, /response 204[\s\S]*fairlead test network/, "-v"),
  // curl 7.88 takes the first of them for the answer.
  "proxy-interim": tunnelToEcho(
    /^HTTP\/1\.1 100 [^\r]*\r\n\r\nHTTP\/1\.1 103 [\s\S]*\r\n\r\nHTTP\/1\.1 200 .*\r\n\r\n220 /,
  ),
  "proxy-bare-lf": {
    by: ["curl"],
    check: async (check) => {
      await arrives().check(check);
      await tunnelToEcho(/^HTTP\/1\.0 200\nX-Proxy: old\n\n220 /).check(check);
    },
  },
  "proxy-extra-bytes": tunnelToEcho(/^HTTP\/1\.1 200 .*\r\n\r\nsurprise220 /),
  "proxy-coalesced": {
    by: ["python3"],
    check: async (check) => {
      const { port } = check.network.service("tcp-echo");
      const established = "HTTP/1.1 200 Connection established\r\n\r\n";
      const request = `CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const heard = await comesWhole(check, [[request, established.length + "220 ".length]]);
      assert.ok(heard.toString().startsWith(`${established}220 `), heard.toString());
    },
  },
  "proxy-wrong-target": outcome(60, /no alternative certificate subject name matches/),
  "proxy-self-signed": outcome(60, /self-signed certificate/),
  "proxy-inject": {
    by: ["curl"],
    check: async (check) => {
      const page = await through(check, urlOf(check, "http", "/portal/page"));
      assert.match(page.stdout, /^<!doctype html>[\s\S]*<p>Buy our proxy!\n$/);
      const json = await through(check, urlOf(check, "http"));
      assert.doesNotMatch(json.stdout, /Buy/);
    },
  },
  "proxy-downgrade": {
    by: ["curl"],
    check: async (check) => {
      const location = encodeURIComponent("https://a.fairlead.test/secure");
      const { stdout } = await through(check, urlOf(check, "http", `/redirect/302?to=${location}`), "-i");
      assert.match(stdout, /^location: http:\/\/a\.fairlead\.test\/secure\r$/im);
    },
  },
});

/** The first words of the service tcp-echo through a tunnel, as they come on a socket behind the answer. */
function tunnelToEcho(expected: RegExp): OutsideCheck {
  return {
    by: [],
    check: async ({ service, network }) => {
      const socket = connect(service.port, service.host);
      socket.end(`CONNECT localhost:${network.service("tcp-echo").port} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assert.match(await text(socket), expected);
    },
  };
}
