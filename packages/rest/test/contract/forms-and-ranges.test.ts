import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { bytes, defineApi, form, multipart, type ApiClient } from "@fairlead/rest";
import { serve, type RunningServer } from "@fairlead/server";
import { z } from "zod";

const days = z.object({ name: z.string(), day: z.array(z.string()) });

const api = defineApi({
  title: "Kennel",
  version: "1",
  operations: {
    book: { method: "POST", path: "/bookings", body: form(days), responses: { 200: form(days) } },
    album: {
      method: "GET",
      path: "/album",
      responses: { 200: multipart(z.object({ title: z.array(z.string()), photo: z.array(z.instanceof(File)) })) },
    },
    photo: {
      method: "PUT",
      path: "/photo",
      headers: z.object({ "content-type": z.string() }),
      body: bytes("image/*"),
      responses: { 200: bytes("image/*") },
    },
    scan: { method: "PUT", path: "/scan", body: bytes("image/*"), responses: { 204: null } },
  },
});

describe("what a message alone does not say, at both ends", () => {
  let manager: NetworkAccessManager;
  let running: RunningServer;
  let client: ApiClient<(typeof api)["operations"]>;

  before(async () => {
    manager = await openNetworkAccessManager();
    running = await serve({
      port: 0,
      fetch: api.server({
        book: ({ body }) => body,
        album: () => ({ title: ["Rex"], photo: [new File(["1"], "rex.png", { type: "image/png" })] }),
        photo: ({ body, headers, answer }) => answer(200, body, { "content-type": headers["content-type"] }),
        scan: () => undefined,
      }),
    });
    client = api.client({ base: running.url ?? "", manager });
  });

  after(async () => {
    await manager.close();
    await running.server.close();
  });

  it("one value in a form is a list of one where the schema wants a list", async () => {
    assert.deepEqual(await client.book({ body: { name: "Rex", day: ["1"] } }), { name: "Rex", day: ["1"] });
    const { title, photo } = await client.album();
    assert.deepEqual([title, photo.map(({ name }) => name)], [["Rex"], ["rex.png"]]);
  });

  it("content of a range says which of it it is", async () => {
    const call = client.photo({ headers: { "content-type": "image/png" }, body: Uint8Array.of(1, 2) });
    const { headers, body } = await call.response();
    assert.deepEqual([headers.get("content-type"), Buffer.from(body)], ["image/png", Buffer.of(1, 2)]);
    await assert.rejects(async () => client.scan({ body: Uint8Array.of(1) }), {
      code: "OPTION_INVALID",
      message: /scan: body is of image\/\*/,
    });
  });
});
