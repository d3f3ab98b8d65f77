import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import {
  byCursor,
  byLastItem,
  byLink,
  byNextUrl,
  byOffset,
  byPageNumber,
  paginate,
  type PageStyle,
  type Pagination,
} from "../../../src/patterns/index.ts";
import { startService } from "../../client/service.ts";

const ITEMS = Array.from({ length: 7 }, (_, index) => ({ id: index + 1 }));

async function all<Item>(pages: Pagination<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** Three items a page, from a place in the list. */
function slice(from: number): { readonly items: readonly { id: number }[]; readonly next: number | undefined } {
  const next = from + 3;
  return { items: ITEMS.slice(from, next), next: next < ITEMS.length ? next : undefined };
}

function numberOf(url: URL, parameter: string, otherwise = 0): number {
  return Number(url.searchParams.get(parameter) ?? otherwise);
}

interface PagingService {
  readonly name: string;
  readonly answer: (url: URL) => Response;
  readonly style?: PageStyle;
  readonly items?: string;
}

const services: readonly PagingService[] = [
  {
    name: "GitHub: the Link field, a whole address",
    answer: (url) => {
      const { items, next } = slice(3 * (numberOf(url, "page", 1) - 1));
      const page =
        next === undefined ? "" : `<${url.origin}/things?sort=id&page=${String(next / 3 + 1)}>; rel="next", `;
      return Response.json(items, { headers: { link: `${page}<${url.origin}/things?page=1>; rel="first"` } });
    },
  },
  {
    name: "a relative address in the Link field",
    style: byLink(),
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "from"));
      return Response.json(items, {
        headers: next === undefined ? {} : { link: `<?sort=id&from=${String(next)}>; rel=next` },
      });
    },
  },
  {
    name: "Stripe: the last item, and has_more",
    style: byLastItem({ parameter: "starting_after", more: "has_more" }),
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "starting_after"));
      return Response.json({ object: "list", data: items, has_more: next !== undefined });
    },
  },
  {
    name: "the last item, until a page is empty",
    style: byLastItem({ parameter: "after" }),
    answer: (url) => Response.json(slice(numberOf(url, "after")).items),
  },
  {
    name: "Google: nextPageToken and pageToken",
    items: "things",
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "pageToken"));
      return Response.json({ things: items, nextPageToken: next === undefined ? "" : String(next) });
    },
  },
  {
    name: "Kubernetes: metadata.continue",
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "continue"));
      return Response.json({ kind: "PodList", metadata: { continue: next === undefined ? "" : String(next) }, items });
    },
  },
  {
    name: "Twilio: next_page_uri, from the root",
    items: "messages",
    answer: (url) => {
      const { items, next } = slice(3 * numberOf(url, "Page"));
      return Response.json({
        messages: items,
        next_page_uri: next === undefined ? null : `/things?sort=id&Page=${String(next / 3)}`,
      });
    },
  },
  {
    name: "JSON:API: links.next",
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "page[offset]"));
      const href = `${url.origin}/things?sort=id&page%5Boffset%5D=${String(next)}`;
      return Response.json({ data: items, links: { next: next === undefined ? null : next === 3 ? { href } : href } });
    },
  },
  {
    name: "OData: @odata.nextLink",
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "$skip"));
      return Response.json({
        value: items,
        ...(next !== undefined && { "@odata.nextLink": `things?sort=id&$skip=${String(next)}` }),
      });
    },
  },
  {
    name: "Slack: a cursor deep in the document",
    items: "channels",
    style: byCursor({ next: "response_metadata.next_cursor", parameter: "cursor" }),
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "cursor"));
      return Response.json({ channels: items, response_metadata: { next_cursor: next ?? "" } });
    },
  },
  {
    name: "an offset and a limit, to a page that is not full",
    style: byOffset({ size: 3 }),
    answer: (url) => {
      assert.equal(url.searchParams.get("limit"), "3");
      return Response.json(slice(numberOf(url, "offset")).items);
    },
  },
  {
    name: "an offset, to a total",
    style: byOffset({ parameter: "skip", total: "total" }),
    answer: (url) => {
      assert.ok(numberOf(url, "skip") < ITEMS.length);
      return Response.json({ items: slice(numberOf(url, "skip")).items, total: ITEMS.length });
    },
  },
  {
    name: "page numbers from 1, to an empty page",
    style: byPageNumber(),
    answer: (url) => Response.json(slice(3 * (numberOf(url, "page", 1) - 1)).items),
  },
  {
    name: "page numbers from 0, with a size",
    style: byPageNumber({ parameter: "page[number]", first: 0, size: 3, sizeParameter: "page[size]" }),
    answer: (url) => Response.json({ results: slice(3 * numberOf(url, "page[number]")).items }),
  },
  {
    name: "an address that looks like a template",
    style: byNextUrl("more"),
    answer: (url) => {
      const { items, next } = slice(numberOf(url, "{from}"));
      return Response.json({ items, more: next === undefined ? undefined : `?sort=id&{from}=${String(next)}` });
    },
  },
];

describe("a list that comes in pages", () => {
  for (const { name, answer, style, items } of services) {
    for (const readAhead of [false, true]) {
      test(`${name}${readAhead ? ", a page ahead" : ""}`, async () => {
        const asked: string[] = [];
        await using service = await startService((request) => {
          asked.push(request.url);
          return answer(new URL(request.url));
        });
        const pages = service.client().paginate("things", {
          query: { sort: "id" },
          readAhead,
          ...(style && { style }),
          ...(items !== undefined && { items }),
        });
        assert.deepEqual(await all(pages), ITEMS);
        assert.ok(asked.length <= 4, asked.join(" "));
        for (const url of asked) assert.match(url, /sort=id/);
        // Each loop begins anew.
        const [first] = await all(pages);
        assert.deepEqual(first, ITEMS[0]);
      });
    }
  }

  test("the application's own function, and pages as they are", async () => {
    await using service = await startService((request) => {
      const { items, next } = slice(numberOf(new URL(request.url), "n"));
      return Response.json({ items, total: ITEMS.length, next }, { headers: { "x-next": String(next ?? "") } });
    });
    const sizes: unknown[] = [];
    const pages = paginate(service.client(), "things", {
      style: ({ field, index, itemsBefore }) => {
        assert.equal(itemsBefore, 3 * index);
        const next = field("x-next");
        return next === undefined || next === "" ? undefined : { query: { n: next } };
      },
    });
    for await (const page of pages.pages()) {
      sizes.push([page.items.length, (page.document as { total: number }).total, page.headers.has("x-next"), page.url]);
    }
    const at = `${service.origin}/things`;
    assert.deepEqual(sizes, [
      [3, 7, true, at],
      [3, 7, true, `${at}?n=3`],
      [1, 7, true, `${at}?n=6`],
    ]);
  });

  test("items are checked by a schema, and typed by it", async () => {
    await using service = await startService(() => Response.json([{ id: "7" }, { id: "8" }, { id: 9 }]));
    const schema = z.object({ id: z.string().transform(Number) });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { id } of service.client().paginate("things", { schema })) seen.push(id);
    })();
    await assert.rejects(reading, (error: { code: string; issues: readonly { path: unknown }[] }) => {
      assert.equal(error.code, "CONTRACT_BROKEN");
      assert.deepEqual(
        error.issues.map(({ path }) => path),
        [[2, "id"]],
      );
      return true;
    });
  });
});

describe("whoever leaves the loop", () => {
  test("has no more pages asked for", async () => {
    let count = 0;
    await using service = await startService((request) => {
      count += 1;
      return Response.json([{ id: count }], { headers: { link: `<${request.url}x>; rel=next` } });
    });
    for await (const item of service.client().paginate("things")) {
      assert.deepEqual(item, { id: 1 });
      break;
    }
    assert.equal(count, 1);
  });

  test("gives up the page that was asked for ahead", { timeout: 60_000 }, async () => {
    const asked = Promise.withResolvers<undefined>();
    const left = Promise.withResolvers<undefined>();
    await using service = await startService((request) => {
      if (request.url.endsWith("things")) return Response.json([1], { headers: { link: "<?page=2>; rel=next" } });
      asked.resolve(undefined);
      return new Promise((resolve) => {
        request.signal.addEventListener("abort", () => {
          left.resolve(undefined);
          resolve(new Response());
        });
      });
    });
    for await (const item of service.client().paginate("things", { readAhead: true })) {
      assert.equal(item, 1);
      await asked.promise;
      break;
    }
    await left.promise;
  });

  test("does not hear of a page ahead that leads nowhere, and who stays does", async () => {
    await using service = await startService(() =>
      Response.json([1], { headers: { link: "<https://evil.example/>; rel=next" } }),
    );
    for await (const item of service.client().paginate("things", { readAhead: true })) {
      assert.equal(item, 1);
      break;
    }
    await assert.rejects(all(service.client().paginate("things", { readAhead: true })), {
      code: "FOLLOWED_ORIGIN_REFUSED",
    });
  });

  test("by a signal hears its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using service = await startService(() => Response.json([1, 2], { headers: { link: "<?page=2>; rel=next" } }));
    const reading = (async () => {
      for await (const item of service.client().paginate("things", { signal: controller.signal })) {
        if (item === 2) controller.abort(reason);
      }
    })();
    await assert.rejects(reading, reason);
    await assert.rejects(all(service.client().paginate("things", { signal: controller.signal })), reason);
  });
});

describe("a service that is hostile or broken", () => {
  const link = (target: string): Response => Response.json([1], { headers: { link: `<${target}>; rel=next` } });

  for (const [what, target] of [
    ["another host", "http://127.0.0.2/things"],
    ["another port", "http://127.0.0.1:1/things"],
    ["another origin without a scheme", "//evil.example/things"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:application/json,[1]"],
    ["code", "javascript:alert(1)"],
  ] as const) {
    test(`does not have ${what} asked`, async () => {
      await using service = await startService(() => link(target));
      await assert.rejects(all(service.client().paginate("things")), { code: "FOLLOWED_ORIGIN_REFUSED" });
    });
  }

  test("leads to another origin where that is named, which gets nothing that was meant for the first", async () => {
    const fields: (string | null)[] = [];
    await using other = await startService((request) => {
      fields.push(request.headers.get("x-key"));
      return Response.json([2]);
    });
    await using service = await startService(() => link(`${other.origin}/more`));
    const client = service.client({ headers: { "x-key": "secret" } });
    assert.deepEqual(await all(client.paginate("things", { otherOrigins: [other.origin] })), [1, 2]);
    assert.deepEqual(fields, [null]);
  });

  test("leads to no address", async () => {
    await using service = await startService(() => link("http://[/"));
    await assert.rejects(all(service.client().paginate("things")), { code: "FOLLOWED_ADDRESS_INVALID" });
  });

  for (const [what, targets] of [
    ["itself", ["/things"]],
    ["itself by a fragment", ["/things#2"]],
    ["where it began", ["/things?page=2", "/things?page=3", "/things"]],
    ["round in the middle", ["/things?page=2", "/things?page=3", "/things?page=2"]],
  ] as const) {
    for (const readAhead of [false, true]) {
      test(`leads to ${what}${readAhead ? ", read ahead" : ""}: PAGINATION_LOOP`, async () => {
        let count = 0;
        await using service = await startService(() => link(targets[Math.min(count++, targets.length - 1)] ?? ""));
        await assert.rejects(all(service.client().paginate("things", { readAhead })), { code: "PAGINATION_LOOP" });
        assert.equal(count, targets.length);
      });
    }
  }

  test("says the same cursor again: PAGINATION_LOOP", async () => {
    await using service = await startService(() => Response.json({ items: [1], nextPageToken: "a" }));
    await assert.rejects(all(service.client().paginate("things")), { code: "PAGINATION_LOOP" });
  });

  test("never ends: PAGINATION_LIMIT, with what came before", async () => {
    let count = 0;
    await using service = await startService(() => link(`?page=${String((count += 1))}`));
    const items: unknown[] = [];
    const reading = (async () => {
      for await (const item of service.client().paginate("things", { pageLimit: 5 })) items.push(item);
    })();
    await assert.rejects(reading, { code: "PAGINATION_LIMIT" });
    assert.equal(items.length, 5);
    assert.equal(count, 5);
    await assert.rejects(all(service.client().paginate("things", { itemLimit: 3 })), { code: "PAGINATION_LIMIT" });
  });

  test("answers with what is no list: CONTRACT_BROKEN, which says where it was looked for", async () => {
    await using service = await startService(() => Response.json({ a: { b: 1 } }));
    for (const [items, path] of [
      [undefined, []],
      ["a.b", ["a", "b"]],
      ["__proto__.length", ["__proto__", "length"]],
    ] as const) {
      const reading = all(service.client().paginate("things", items === undefined ? {} : { items }));
      await assert.rejects(reading, (error: { code: string; issues: readonly { path: unknown }[] }) => {
        assert.equal(error.code, "CONTRACT_BROKEN");
        assert.deepEqual(error.issues[0]?.path, path);
        return true;
      });
    }
  });

  test("fails behind the first page: the error is where the page would have been", async () => {
    await using service = await startService((request) =>
      request.url.endsWith("things") ? link("?page=2") : Response.json({ message: "gone" }, { status: 410 }),
    );
    const items: unknown[] = [];
    const reading = (async () => {
      for await (const item of service.client().paginate("things")) items.push(item);
    })();
    await assert.rejects(reading, { code: "SERVICE_STATUS", status: 410 });
    assert.deepEqual(items, [1]);
  });

  test("redirects to another origin, which then leads on within itself: it was not the one that was asked", async () => {
    await using other = await startService(() => link("?page=2"));
    await using service = await startService(() => Response.redirect(`${other.origin}/things`, 307));
    const client = service.client({ redirect: { type: "no-less-safe" } });
    await assert.rejects(all(client.paginate("things")), { code: "FOLLOWED_ORIGIN_REFUSED" });
  });

  test("limits that are none are refused before anything is asked", () => {
    const client = { get: () => assert.fail() } as never;
    for (const options of [{ pageLimit: 0 }, { itemLimit: Number.NaN }]) {
      assert.throws(() => paginate(client, "things", options), { code: "OPTION_INVALID" });
    }
  });
});
