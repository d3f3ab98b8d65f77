import assert from "node:assert/strict";
import { tcpServices } from "../../src/services/tcp/index.ts";
import { describeServices } from "../describe-services.ts";

describeServices(tcpServices, {
  "tcp-echo": {
    by: ["curl"],
    check: async ({ curl, service }) => {
      const { stdout } = await curl("--max-time", "1", `telnet://${service.host}:${service.port}`);
      assert.equal(stdout, "220 this port speaks neither TLS nor HTTP\r\n");
    },
  },
  "tcp-silent": {
    by: ["curl"],
    check: async ({ curl, service }) => {
      // 28: the deadline.
      const { code, stdout } = await curl("--max-time", "0.3", `http://${service.host}:${service.port}/`);
      assert.deepEqual([code, stdout], [28, ""]);
    },
  },
  "tcp-close": {
    by: ["curl"],
    check: async ({ curl, service }) => {
      // 52: nothing came back; 56: it was gone before the request was.
      const { code } = await curl(`http://${service.host}:${service.port}/`);
      assert.ok(code === 52 || code === 56, `curl exited with ${code}`);
    },
  },
  "tcp-reset": {
    by: ["curl"],
    check: async ({ curl, service }) => {
      // 7: reset before curl knew that it was connected; 56: after.
      const { code } = await curl(`http://${service.host}:${service.port}/`);
      assert.ok(code === 7 || code === 56, `curl exited with ${code}`);
    },
  },
});
