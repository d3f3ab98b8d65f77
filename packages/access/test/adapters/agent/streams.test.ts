import { transactionOf } from "@fairlead/access";
import { mintCertificate } from "@fairlead/testserver/authority";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buffer } from "node:stream/consumers";
import { WebSocket, WebSocketServer } from "ws";
import { InnerStream } from "../../../src/adapters/agent/inner-stream.ts";
import { networkFixture } from "../../network-fixture.ts";
import { serve } from "../../authentication/authenticating-server.ts";
import { closed, scriptedServer } from "../../scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

async function responseTo(request: http.ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

describe("streams", () => {
  test("a body comes back as it went, in whatever pieces, with a length or without", async () => {
    await using server = await serve((request, response) => {
      request.pipe(response);
    });
    await using manager = await open();
    const agent = manager.httpAgent();
    const piece = fc.uint8Array({ maxLength: 100_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 5 }), fc.boolean(), async (pieces, tellsLength) => {
        const whole = Buffer.concat(pieces);
        const headers = tellsLength ? { "content-length": whole.length } : {};
        const request = http.request(server.origin, { method: "POST", agent, headers });
        const answered = responseTo(request);
        for (const each of pieces) if (!request.write(each)) await once(request, "drain");
        request.end();
        assert.ok((await buffer(await answered)).equals(whole));
      }),
      { numRuns: 30 },
    );
  });

  test("a slow reader holds back the server, and a slow server the writer", async () => {
    let sent = 0;
    await using sender = await serve((_, response) => {
      response.writeHead(200, { "content-length": 64 * 1024 * 1024 });
      const block = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (sent < 64 * 1024 * 1024) {
          sent += block.length;
          if (!response.write(block)) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    await using deaf = await scriptedServer((socket) => socket.pause());
    const manager = await open();
    const answer = await responseTo(http.get(sender.origin, { agent: manager.httpAgent() }));
    const request = http.request(deaf.origin, { method: "PUT", agent: manager.httpAgent() });
    request.on("error", () => undefined);
    let written = 0;
    const block = Buffer.alloc(64 * 1024);
    // Until nothing moves for a while: with nobody to hold back it would all be there at once.
    for (let still = 0, before = -1; still < 50; ) {
      if (written < 64 * 1024 * 1024 && !request.writableNeedDrain) {
        request.write(block);
        written += block.length;
      }
      await new Promise(setImmediate);
      const now = sent + written;
      still = now === before ? still + 1 : 0;
      before = now;
    }
    assert.ok(sent < 32 * 1024 * 1024, `${String(sent)} bytes were sent that nobody reads`);
    assert.ok(written < 32 * 1024 * 1024, `${String(written)} bytes were written that nobody takes`);
    answer.destroy();
    await manager.destroy();
  });

  test("an end that is destroyed takes the other with it, unless it had said all", async () => {
    for (const hasEnded of [false, true]) {
      const [one, other] = [new InnerStream(), new InnerStream()];
      one.join(other);
      one.write("all");
      if (hasEnded) {
        one.end();
        await once(one, "finish");
      }
      one.destroy();
      if (hasEnded) assert.equal((await buffer(other)).toString(), "all");
      else await once(other, "close");
    }
  });
});

describe("WebSocket, by ws", () => {
  test("goes through, by http and https, with the manager's cookies", async () => {
    const identity = await mintCertificate({ issuer: fixture.network.ca, names: ["127.0.0.1"] });
    const secureServer = https.createServer({ cert: identity.certificate, key: identity.privateKey });
    for (const server of [http.createServer(), secureServer]) {
      const sockets = new WebSocketServer({ server });
      sockets.on("connection", (socket, request) => {
        socket.on("message", (message: Buffer) => {
          socket.send(`${message.toString()}, ${String(request.headers.cookie)}`);
        });
      });
      server.on("request", (_, response: http.ServerResponse) => {
        response.writeHead(200, { "set-cookie": "a=1" }).end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const scheme = server === secureServer ? "s" : "";
      const place = `://127.0.0.1:${String((server.address() as { port: number }).port)}/`;
      try {
        await using manager = await open();
        await (await manager.request(`http${scheme}${place}`)).bytes();
        const agent = scheme === "" ? manager.httpAgent() : manager.httpsAgent();
        const socket = new WebSocket(`ws${scheme}${place}`, { agent });
        await once(socket, "open");
        for (const text of ["hello", "x".repeat(1_000_000)]) {
          socket.send(text);
          const [message] = (await once(socket, "message")) as [Buffer];
          assert.equal(message.toString(), `${text}, a=1`);
        }
        socket.close(1000);
        assert.equal((await once(socket, "close"))[0], 1000);
      } finally {
        sockets.close();
        server.close();
        server.closeAllConnections();
      }
    }
  });

  test("a refusal is a response, and a failure an error with its code", async () => {
    await using server = await serve((_, response) => {
      response.writeHead(403, { "x-why": "no" });
      response.end("go away");
    });
    await using manager = await open();
    const agent = manager.httpAgent();
    const refused = new WebSocket(server.origin.replace("http", "ws"), { agent });
    const [, response] = (await once(refused, "unexpected-response")) as [unknown, IncomingMessage];
    assert.deepEqual([response.statusCode, response.headers["x-why"]], [403, "no"]);
    assert.equal((await buffer(response)).toString(), "go away");
    const lost = new WebSocket("ws://nowhere.invalid/", { agent });
    const [error] = (await once(lost, "error")) as [{ code: string }];
    assert.equal(error.code, "NAME_NOT_FOUND");
  });

  test("what ends one side ends the other", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", (head) => {
        const key = /sec-websocket-key: (.+)\r\n/i.exec(head.toString())?.[1] ?? "";
        const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        const fields = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}`;
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n\r\n`);
        socket.resume();
      });
    });
    await using manager = await open();
    const agent = manager.httpAgent();
    const connect = async (): Promise<WebSocket> => {
      const socket = new WebSocket(server.origin.replace("http", "ws"), { agent });
      await once(socket, "open");
      return socket;
    };
    const left = await connect();
    left.terminate();
    await closed(await server.connection(1));
    const cut = await connect();
    const ended = once(cut, "close");
    (await server.connection(2)).destroy();
    assert.equal((await ended)[0], 1006);
  });
});

describe("a store of objects, by the AWS SDK", () => {
  test("keeps a large object that the SDK asks about before it sends it, and gives it back", async () => {
    const {
      CreateBucketCommand,
      GetObjectCommand,
      HeadObjectCommand,
      ListObjectsV2Command,
      PutObjectCommand,
      S3Client,
    } = await import("@aws-sdk/client-s3");
    const objects = new Map<string, Buffer>();
    await using server = await serve((request, response) => {
      void storeObject(objects, request, response);
    });
    await using manager = await open();
    const transactions: number[] = [];
    const requestHandler = {
      httpAgent: manager.httpAgent({ onTransaction: ({ hops }) => transactions.push(hops.at(-1)?.status ?? 0) }),
      httpsAgent: manager.httpsAgent(),
    };
    const client = new S3Client({
      endpoint: server.origin,
      region: "elsewhere",
      forcePathStyle: true,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      requestChecksumCalculation: "WHEN_REQUIRED",
      requestHandler,
    });
    const place = { Bucket: "boats", Key: "large/one" };
    const Body = Buffer.alloc(3 * 1024 * 1024, "fairlead");
    await client.send(new CreateBucketCommand({ Bucket: "boats" }));
    await client.send(new PutObjectCommand({ ...place, Body }));
    const head = await client.send(new HeadObjectCommand(place));
    assert.equal(head.ContentLength, Body.length);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: "boats" }));
    assert.deepEqual(
      listed.Contents?.map(({ Key, Size }) => [Key, Size]),
      [["large/one", Body.length]],
    );
    const { Body: stream } = await client.send(new GetObjectCommand(place));
    assert.ok(stream !== undefined && transactionOf(stream)?.hops[0]?.status === 200);
    assert.ok(Buffer.from(await stream.transformToByteArray()).equals(Body));
    await assert.rejects(client.send(new GetObjectCommand({ ...place, Key: "none" })), { name: "NoSuchKey" });
    assert.deepEqual(transactions, [200, 200, 200, 200, 200, 404]);
  });
});

/** As much of S3 as is needed to keep and find objects. */
async function storeObject(
  objects: Map<string, Buffer>,
  request: IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "", "http://store/");
  const [, bucket = "", ...rest] = pathname.split("/");
  const key = rest.join("/");
  const xml = (status: number, body: string): void => {
    response.writeHead(status, { "content-type": "application/xml" });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
  };
  const object = objects.get(key);
  if (request.method === "PUT") {
    const body = await buffer(request);
    if (key !== "") objects.set(key, body);
    response.end();
  } else if (key === "") {
    const contents = [...objects].map(
      ([name, { length }]) => `<Contents><Key>${name}</Key><Size>${String(length)}</Size></Contents>`,
    );
    xml(200, `<ListBucketResult><Name>${bucket}</Name>${contents.join("")}</ListBucketResult>`);
  } else if (object === undefined) {
    xml(404, "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
  } else {
    response.writeHead(200, { "content-length": object.length });
    response.end(request.method === "HEAD" ? undefined : object);
  }
}
