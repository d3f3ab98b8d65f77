import { http2Cases, runCase } from "@fairlead/conformance/http2";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { echo, startServer } from "./server-fixture.ts";

describe("HTTP/2 by the book", { timeout: 60_000 }, () => {
  for (const one of http2Cases) {
    test(`${one.section}: ${one.name}`, async (context) => {
      const { port } = await startServer(context, (exchange) => {
        if (exchange.body === undefined) exchange.respond({ status: 200, fields: [] }, "ok");
        else echo(exchange).catch(() => undefined);
      });
      await runCase(one, connect({ port, host: "127.0.0.1", noDelay: true }));
    });
  }

  test("is tried in more than 120 cases", () => {
    assert.ok(http2Cases.length > 120, String(http2Cases.length));
  });
});
