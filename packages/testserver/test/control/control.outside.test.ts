import assert from "node:assert/strict";
import { controlServices } from "../../src/control/control-service.ts";
import { describeServices } from "../describe-services.ts";

describeServices(controlServices, {
  control: {
    by: ["curl"],
    check: async ({ curl, service }) => {
      const origin = `http://${service.host}:${service.port}`;
      const { stdout } = await curl(`${origin}/manifest`);
      assert.equal((JSON.parse(stdout) as { readonly service: string }).service, "fairlead-testserver");
      const json = ["--header", "Content-Type: application/json"];
      const later = await curl("--request", "PUT", ...json, "--data", '{"advanceSeconds":86400}', `${origin}/clock`);
      assert.match(later.stdout, /"offsetSeconds": 86400/);
      await curl("--request", "PUT", ...json, "--data", '{"now":null}', `${origin}/clock`);
      // By a name that resolves to loopback it is another's page.
      assert.equal((await curl("--output", "/dev/null", "--write-out", "%{http_code}", "/manifest")).stdout, "421");
    },
  },
});
