import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  coapAnswer,
  coapClient,
  type CoapHandler,
  coapServer,
  type CoapServer,
  type DiscoveredResource,
  lookUpEndpoints,
  lookUpResources,
  resource,
} from "@fairlead/iot/coap";
import { readOptions } from "@fairlead/iot/coap/protocol";

const links = Array.from(
  { length: 7 },
  (_, index) => `<coap://node${index}.example/temp>;rt="temperature";anchor="coap://node${index}.example"`,
);

/** A directory, which keeps the queries that it was asked. RFC 9176 section 6. */
function directoryOf(knowsPages: boolean, queries: string[][] = []): CoapServer {
  const answer: CoapHandler = (request) => {
    const query = readOptions(request, "uriQuery");
    queries.push([...query]);
    const said = new URLSearchParams(query.join("&"));
    const [page, count] = [Number(said.get("page")), Number(said.get("count"))];
    const shown = knowsPages ? links.slice(page * count, (page + 1) * count) : links;
    return coapAnswer("Content", shown.join(","), { contentFormat: "application/link-format" });
  };
  const endpoints =
    '</rd/4521>;ep="node5";et="sensor meter";base="coap://[2001:db8:3::123]:61616";d="floor3";rt="core.rd-ep"';
  return coapServer({
    resources: [
      resource("rd", { rt: "core.rd", post: () => coapAnswer("Created") }),
      resource("rd-lookup/res", { rt: "core.rd-lookup-res", ct: 40, get: answer }),
      resource("rd-lookup/ep", {
        rt: "core.rd-lookup-ep",
        get: () => coapAnswer("Content", endpoints, { contentFormat: 40 }),
      }),
    ],
  });
}

async function allOf(found: AsyncIterable<DiscoveredResource>): Promise<readonly (string | undefined)[]> {
  const urls: (string | undefined)[] = [];
  for await (const { url } of found) urls.push(url);
  return urls;
}

const urls = links.map((_, index) => `coap://node${index}.example/temp`);

describe("looking up at a resource directory (RFC 9176 section 6)", () => {
  test("gives what was filtered, page by page", async () => {
    const queries: string[][] = [];
    await using server = directoryOf(true, queries);
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    const options = { filter: { rt: "temp*", ep: "node 1" }, pageSize: 3 };
    assert.deepEqual(await allOf(lookUpResources(client, url, options)), urls);
    const filter = ["rt=temp*", "ep=node 1"];
    assert.deepEqual(
      queries,
      [0, 1, 2].map((page) => [...filter, `page=${page}`, "count=3"]),
    );
  });

  test("asks for no page that nobody reads, and gives no more than was wanted", async () => {
    const queries: string[][] = [];
    await using server = directoryOf(true, queries);
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    assert.deepEqual(await allOf(lookUpResources(client, url, { pageSize: 2, limit: 3 })), urls.slice(0, 3));
    assert.equal(queries.length, 2);
    const found = lookUpResources(client, url, { pageSize: 2 });
    assert.equal((await found.next()).value?.url, urls[0]);
    await found.return();
    assert.equal(queries.length, 3);
  });

  for (const pageSize of [3, 7, 100]) {
    test(`ends at a directory that knows no pages, of ${pageSize}`, async () => {
      await using server = directoryOf(false);
      const { url } = await server.listen({ port: 0 });
      await using client = coapClient();
      assert.deepEqual(await allOf(lookUpResources(client, url, { pageSize })), urls);
    });
  }

  test("gives who has registered (section 6.4)", async () => {
    await using server = directoryOf(true);
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    for await (const found of lookUpEndpoints(client, url)) {
      const { endpoint, sector, base, endpointTypes } = found;
      assert.deepEqual(
        [found.url, endpoint, sector, base, endpointTypes],
        [`${url}/rd/4521`, "node5", "floor3", "coap://[2001:db8:3::123]:61616", ["sensor", "meter"]],
      );
    }
  });

  test("fails where there is no directory", async () => {
    await using server = coapServer({ resources: [resource("hello", { get: () => coapAnswer("Content") })] });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    await assert.rejects(allOf(lookUpResources(client, url)), { code: "COAP_RESPONSE_UNUSABLE" });
  });
});
