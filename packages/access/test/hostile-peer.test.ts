import { openNetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";

const redirect = (location: string, length: number): string =>
  `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: ${String(length)}\r\n\r\n`;

describe("a peer cannot end the process", () => {
  test("by bytes after a response that other requests wait behind", async () => {
    // llhttp reads the trailer like a field of the head: what comes after it is an error of the idle stream.
    const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nConnection: close\r\n\r\nx";
    await using server = await scriptedServer(answering(() => answer));
    await using manager = await openNetworkAccessManager({ connectionsPerOrigin: 1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, async () => (await manager.request(server.origin)).text()),
    );
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") assert.equal(outcome.value, "ok");
      else assert.equal((outcome.reason as { code?: unknown }).code, "RESPONSE_MALFORMED");
    }
    assert.equal(outcomes[0]?.status, "fulfilled");
  });

  test("by asking a second time for a body that cannot be opened again", async () => {
    await using server = await scriptedServer(
      answering(() => "HTTP/1.1 307 Temporary Redirect\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"),
    );
    for (const redirect of [{ type: "no-less-safe" }, { type: "ask" }] as const) {
      await using manager = await openNetworkAccessManager({ redirect, onRedirect: () => true });
      let opened = 0;
      const cause = new Error("there was one only");
      const body = (): Iterable<Uint8Array> => {
        opened += 1;
        if (opened > 1) throw cause;
        return [Buffer.from("body")];
      };
      await assert.rejects(manager.request(server.origin, { method: "PUT", body }), {
        code: "REQUEST_BODY_FAILED",
        cause,
      });
    }
  });
});

test("a store that is closed while a redirect is asked about fails the request, and not the process", async () => {
  await using server = await scriptedServer(
    answering((target) => (target === "/next" ? response("done") : redirect("/next", 0))),
  );
  for (const way of ["request", "fetch"] as const) {
    const store = await openStore("memory:");
    store.collection("hsts", { maxEntries: 10, secret: false }).set("a.example", Buffer.from("{}"));
    const manager = await openNetworkAccessManager({
      store,
      redirect: { type: "ask" },
      onRedirect: async () => {
        await store.close();
        return true;
      },
    });
    await assert.rejects(manager[way](`http://localhost:${String(server.port)}`), { code: "STORE_CLOSED" });
    await assert.rejects(manager.close(), { code: "STORE_CLOSED" });
  }
});

describe("a peer cannot make a request wait for ever", () => {
  test("by interim responses without end", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => {
        flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n");
      });
    });
    await using manager = await openNetworkAccessManager();
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MALFORMED", message: /interim responses/ });
    await assert.rejects(manager.fetch(server.origin), { code: "RESPONSE_MALFORMED", message: /interim responses/ });
  });

  test("by a hundred interim responses, which is not without end", async () => {
    const interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(100);
    await using server = await scriptedServer(answering(() => interim + response("done")));
    await using manager = await openNetworkAccessManager();
    assert.equal(await (await manager.request(server.origin)).text(), "done");
  });

  test("by the body of a redirect that has been followed", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/next" ? response("done") : `${redirect("/next", 10)}x`)),
    );
    const manager = await openNetworkAccessManager({ connectionsPerOrigin: 1 });
    assert.equal(await (await manager.request(server.origin)).text(), "done");
    await closed(await server.connection(1));
    await manager.close();
  });

  test("by the body of a redirect, when the manager is closed", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/next" ? response("done") : `${redirect("/next", 10)}x`)),
    );
    const manager = await openNetworkAccessManager();
    assert.equal(await (await manager.request(server.origin)).text(), "done");
    await manager.close();
    await closed(await server.connection(1));
  });
});

test("destroy ends a request whose redirect the application has not answered for", async () => {
  await using server = await scriptedServer(answering(() => redirect("/next", 0)));
  for (const way of ["request", "fetch"] as const) {
    const asked = Promise.withResolvers<undefined>();
    const manager = await openNetworkAccessManager({
      redirect: { type: "ask" },
      onRedirect: () => {
        asked.resolve(undefined);
        return new Promise<boolean>(() => undefined);
      },
    });
    const request = manager[way](server.origin);
    await asked.promise;
    const [outcome] = await Promise.allSettled([request, manager.destroy()]);
    assert.equal(outcome.status, "rejected");
    assert.equal((outcome.reason as { code?: unknown }).code, "MANAGER_CLOSED", way);
  }
});

/** Writes for as long as anyone takes it. */
function flood(socket: Socket, piece: string): void {
  while (!socket.destroyed && socket.write(piece));
  if (!socket.destroyed)
    void once(socket, "drain").then(
      () => flood(socket, piece),
      () => undefined,
    );
}
