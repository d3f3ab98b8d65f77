import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { text } from "node:stream/consumers";
import { proxyServices } from "../../src/services/proxies/index.ts";
import { describeServices } from "../describe-services.ts";
import { through, urlOf } from "./through-proxy.ts";

describeServices(proxyServices, {
  "proxy-http": {
    by: ["curl"],
    check: async (check) => {
      const plain = await through(check, urlOf(check, "http", "/echo"), "-H", "X-One: 1", "-H", "Connection: X-One");
      assert.match(plain.stdout, /"via": "1\.1 proxy-http"/);
      assert.doesNotMatch(plain.stdout, /x-one|proxy-connection/i);
      const secure = await through(check, urlOf(check, "https"), "-v");
      assert.match(secure.stderr, /CONNECT tunnel established, response 200/);
      assert.match(secure.stdout, /fairlead test network/);
      for (const url of ["https://example.com/", "http://192.0.2.1/"]) {
        const outside = await through(check, url, "-w", "%{http_connect} %{http_code}");
        assert.match(outside.stdout, /403/);
      }
    },
  },
  "proxy-https": {
    by: ["curl"],
    check: async (check) => {
      for (const url of [urlOf(check, "http"), urlOf(check, "https")]) {
        const { stdout } = await through(check, url);
        assert.match(stdout, /fairlead test network/);
      }
      const { secured } = check.service.connections;
      assert.equal(secured, 2);
    },
  },
  "proxy-h2": {
    by: [],
    check: async ({ service, network }) => {
      const session = http2.connect(`https://localhost:${service.port}`, { ca: network.ca.certificate });
      const ask = async (authority: string): Promise<readonly [status: unknown, text: string]> => {
        const stream = session.request({ ":method": "CONNECT", ":authority": authority });
        const [headers] = (await once(stream, "response")) as [Readonly<Record<string, unknown>>];
        stream.end();
        return [headers[":status"], await text(stream)];
      };
      assert.deepEqual((await ask("example.com:443"))[0], 403);
      assert.deepEqual((await ask("localhost:1"))[0], 502);
      const [status, greeting] = await ask(`localhost:${network.service("tcp-echo").port}`);
      assert.equal(status, 200);
      assert.match(greeting, /^220 /);
      session.close();
    },
  },
  "proxy-intercept": {
    by: ["curl"],
    check: async (check) => {
      const url = urlOf(check, "https");
      // 60: the certificate's authority is unknown.
      assert.equal((await through(check, url)).code, 60);
      const unchecked = await through(check, url, "-k", "-v");
      assert.match(unchecked.stderr, /subject: CN=a\.fairlead\.test[\s\S]*issuer: CN=Fairlead Other Test Root/);
      assert.match(unchecked.stdout, /fairlead test network/);
    },
  },
});
