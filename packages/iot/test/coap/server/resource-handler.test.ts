import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapAnswer,
  type CoapContext,
  coapAnswer,
  type CoapRequest,
  type CoapResource,
  type CoapResourceDefinition,
  type CoapResponse,
  resource,
  resourceHandler,
} from "@fairlead/iot/coap";
import {
  type CoapCode,
  coapCodes,
  type CoapOption,
  coapOptions,
  readOption,
  writeOption,
} from "@fairlead/iot/coap/protocol";

const context: CoapContext = {
  ...{ peer: "client:1", scheme: "coap", security: undefined, delivery: "confirmable" },
  ...{ isMulticast: false, isReachable: false, maxMessageBytes: 1_152, takesGatheredBlocks: false },
  signal: new AbortController().signal,
};

function ask(
  path: string,
  { code = "0.01", options = [] }: { code?: CoapCode; options?: readonly CoapOption[] } = {},
): CoapRequest {
  const segments = path === "" ? [] : path.split("/").map((segment) => writeOption("uriPath", segment));
  const sorted = [...segments, ...options].sort((one, other) => one.number - other.number);
  return { code, options: sorted, payload: new Uint8Array(0) };
}

const text = (response: CoapResponse | undefined): string =>
  response === undefined ? "nothing" : `${response.code} ${new TextDecoder().decode(response.payload)}`;
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const says = (value: string): CoapResourceDefinition => ({ get: () => coapAnswer("Content", value) });

describe("a server's resources", () => {
  const resources: readonly CoapResource[] = [
    resource("", says("root")),
    resource("sensors/temp", says("temp")),
    resource("sensors/*", says("below")),
    resource("sensors", says("sensors")),
    resource("a b/ü", says("odd")),
  ];
  const handler = resourceHandler(resources);
  const found: readonly (readonly [path: string, answer: string])[] = [
    ["", "2.05 root"],
    ["sensors/temp", "2.05 temp"],
    ["sensors", "2.05 sensors"],
    ["sensors/", "2.05 below"],
    ["sensors/humidity/x", "2.05 below"],
    ["sensors/temp/x", "2.05 below"],
    ["a b/ü", "2.05 odd"],
    ["Sensors", "4.04 Not Found"],
    ["a b", "4.04 Not Found"],
    ["__proto__", "4.04 Not Found"],
  ];
  for (const [path, answer] of found) {
    test(`answer /${path} with ${answer}`, async () => {
      assert.equal(text(await handler(ask(path), context)), answer);
    });
  }

  test("are what is found: a slash within a segment divides nothing (RFC 7252 section 6.5)", async () => {
    const request = { ...ask(""), options: [writeOption("uriPath", "sensors/temp")] };
    assert.equal(text(await handler(request, context)), "4.04 Not Found");
  });

  test("answer each method that they have, FETCH, PATCH and iPATCH among them (RFC 8132), and no other (4.05)", async () => {
    const named = (name: string) => (): CoapAnswer => coapAnswer("Changed", name);
    const one = resourceHandler([
      resource("all", {
        ...{ get: named("get"), post: named("post"), put: named("put"), delete: named("delete") },
        ...{ fetch: named("fetch"), patch: named("patch"), ipatch: named("ipatch") },
      }),
      resource("get", says("get")),
    ]);
    const codes = ["0.01", "0.02", "0.03", "0.04", "0.05", "0.06", "0.07", "0.08"] as const;
    const answers: string[] = [];
    for (const code of codes) answers.push(text(await one(ask("all", { code }), context)));
    const names = ["get", "post", "put", "delete", "fetch", "patch", "ipatch"];
    assert.deepEqual(answers, [...names.map((name) => `2.04 ${name}`), "4.05 Method Not Allowed"]);
    assert.equal(text(await one(ask("get", { code: "0.03" }), context)), "4.05 Method Not Allowed");
  });

  const critical = { number: 65_001, value: bytes("x") };
  const refused: readonly (readonly [what: string, option: CoapOption, answer: string])[] = [
    ["a critical option that nobody knows", critical, "4.02 option 65001"],
    ["If-Match where there are no versions", writeOption("ifMatch", bytes("v")), "4.02 option 1"],
    ["a block that no layer has dealt with", writeOption("block2", 8), "4.02 option 23"],
    ["Proxy-Uri (section 5.10.2)", writeOption("proxyUri", "coap://other/"), "5.05 Proxying Not Supported"],
    ["Proxy-Scheme", writeOption("proxyScheme", "coap"), "5.05 Proxying Not Supported"],
  ];
  for (const [what, option, answer] of refused) {
    test(`refuse ${what}`, async () => {
      assert.equal(text(await handler(ask("sensors", { options: [option] }), context)), answer);
    });
  }

  test("take an option that is elective, whatever it is (RFC 7252 section 5.4.1)", async () => {
    const options = [{ number: 65_000, value: bytes("x") }];
    assert.equal(text(await handler(ask("sensors", { options }), context)), "2.05 sensors");
  });

  test("say nothing to a non-confirmable request with an option that nobody knows (RFC 7252 section 5.4.1)", async () => {
    const request = ask("sensors", { options: [critical] });
    assert.equal(await handler(request, { ...context, delivery: "non-confirmable" }), undefined);
  });

  test("say nothing to a group but what is of use (RFC 7252 section 8.2)", async () => {
    const group = { ...context, delivery: "non-confirmable", isMulticast: true } as const;
    assert.equal(await handler(ask("nowhere"), group), undefined);
    assert.equal(await handler(ask("sensors", { code: "0.02" }), group), undefined);
    assert.equal(text(await handler(ask("sensors"), group)), "2.05 sensors");
  });

  test("refuse a format that they do not have (4.06), or do not take (4.15)", async () => {
    const one = resourceHandler([
      resource("a", {
        ...{ ct: ["application/json", 60], takes: ["application/cbor"] },
        ...{ get: () => coapAnswer("Content", "{}"), put: () => coapAnswer("Changed") },
      }),
    ]);
    const get = (accept: number): Promise<unknown> =>
      Promise.resolve(one(ask("a", { options: [writeOption("accept", accept)] }), context)).then(text);
    assert.deepEqual([await get(50), await get(60), await get(0)], ["2.05 {}", "2.05 {}", "4.06 Not Acceptable"]);
    const put = (format: number): Promise<unknown> =>
      Promise.resolve(one(ask("a", { code: "0.03", options: [writeOption("contentFormat", format)] }), context)).then(
        text,
      );
    assert.deepEqual([await put(60), await put(50)], ["2.04 ", "4.15 Unsupported Content-Format"]);
  });

  test("do what a condition allows, and else nothing (RFC 7252 section 5.10.8)", async () => {
    let version: string | undefined = "v1";
    let writes = 0;
    const one = resourceHandler([
      resource("a", {
        eTag: () => (version === undefined ? undefined : bytes(version)),
        put: () => {
          writes += 1;
          return coapAnswer("Changed");
        },
      }),
    ]);
    const put = async (...options: readonly CoapOption[]): Promise<string> =>
      (await one(ask("a", { code: "0.03", options }), context))?.code ?? "nothing";
    const match = (value: string): CoapOption => writeOption("ifMatch", bytes(value));
    const unlessThere = writeOption("ifNoneMatch", new Uint8Array(0));
    const rows = [
      ...[await put(match("v1")), await put(match("v0"), match("v1")), await put(match(""))],
      ...[await put(match("v0")), await put(match("v")), await put(unlessThere), await put(match("v1"), unlessThere)],
    ];
    version = undefined;
    rows.push(await put(match("v1")), await put(match("")), await put(unlessThere));
    assert.deepEqual(rows, ["2.04", "2.04", "2.04", "4.12", "4.12", "4.12", "4.12", "4.12", "4.12", "2.04"]);
    assert.equal(writes, 4);
  });

  test("confirm a version that the client has, in an answer and in what follows (RFC 7252 section 5.10.6.2)", async () => {
    const versions = async function* (): AsyncGenerator<CoapResponse> {
      yield coapAnswer("Content", "two", { eTag: bytes("v2") });
      yield coapAnswer("Content", "one", { eTag: bytes("v1"), maxAge: 5 });
    };
    const one = resourceHandler([
      resource("a", {
        observable: true,
        get: () => coapAnswer("Content", "one", { eTag: bytes("v1"), maxAge: 5, updates: versions() }),
      }),
    ]);
    const options = [writeOption("eTag", bytes("v0")), writeOption("eTag", bytes("v1"))];
    const answer = await one(ask("a", { options }), context);
    assert.equal(text(answer), "2.03 ");
    assert.deepEqual(answer?.options, [writeOption("eTag", bytes("v1")), writeOption("maxAge", 5)]);
    const heard: string[] = [];
    for await (const update of answer.updates ?? []) heard.push(text(update));
    assert.deepEqual(heard, ["2.05 two", "2.03 "]);
    assert.equal(text(await one(ask("a"), context)), "2.05 one");
  });

  test("are listed at /.well-known/core, but for those that shall not be (RFC 6690 section 4)", async () => {
    const one = resourceHandler([
      resource("sensors/temp", {
        ...{ title: 'The "room"', rt: ["temperature-c", "x"], if: "sensor", ct: [50, 60], observable: true },
        ...says("1"),
      }),
      resource("a b", says("2")),
      resource("hidden", { ...says("3"), unlisted: true }),
    ]);
    const answer = await one(ask(".well-known/core"), context);
    const core = '</sensors/temp>;rt="temperature-c x";if="sensor";ct="50 60";title="The \\"room\\"";obs,</a%20b>';
    assert.equal(text(answer), `2.05 ${core}`);
    assert.equal(answer && readOption(answer, "contentFormat"), 40);
  });

  test("are listed as a query asks for, and to a group not at all where it asks for none (RFC 6690 section 4.1)", async () => {
    const one = resourceHandler([resource("lamp", { rt: "light", ...says("on") }), resource("door", says("shut"))]);
    const asking = (query: string): CoapRequest =>
      ask(".well-known/core", { options: [writeOption("uriQuery", query)] });
    assert.equal(text(await one(asking("rt=li*"), context)), '2.05 </lamp>;rt="light"');
    assert.equal(text(await one(asking("rt=bell"), context)), "2.05 ");
    const group = { ...context, isMulticast: true };
    assert.equal(text(await one(asking("rt=light"), group)), '2.05 </lamp>;rt="light"');
    assert.equal(text(await one(asking("rt=bell"), group)), "nothing");
  });

  test("may have a /.well-known/core of their own", async () => {
    const one = resourceHandler([resource(".well-known/core", says("mine")), resource("*", says("any"))]);
    assert.equal(text(await one(ask(".well-known/core"), context)), "2.05 mine");
  });

  const impossible: readonly (readonly [what: string, make: () => unknown])[] = [
    ["two resources at one path", () => resourceHandler([resource("a", says("")), resource("a", says(""))])],
    ["two that have all below one path", () => resourceHandler([resource("*", says("")), resource("*", says(""))])],
    ["a segment ..", () => resource("a/../b", says(""))],
    ["a segment of 256 bytes", () => resource("a".repeat(256), says(""))],
    ["a resource without methods", () => resource("a", {})],
    ["a format that is none", () => resource("a", { ...says(""), ct: 65_536 })],
  ];
  for (const [what, make] of impossible) {
    test(`cannot be made with ${what}`, () => {
      assert.throws(make, { code: "OPTION_INVALID" });
    });
  }
});

describe("an answer", () => {
  test("has its options in their order, text as such by default, and where what was created is", () => {
    const answer = coapAnswer("Created", "é", { location: ["a b", "c"], eTag: bytes("v"), maxAge: 0 });
    const numbers = answer.options.map(({ number }) => number);
    const { eTag, locationPath, contentFormat, maxAge } = coapOptions;
    assert.deepEqual(
      numbers,
      [eTag, locationPath, locationPath, contentFormat, maxAge].map(({ number }) => number),
    );
    assert.deepEqual(
      [answer.code, readOption(answer, "contentFormat"), text(answer)],
      [coapCodes.Created, 0, "2.01 é"],
    );
  });

  test("of bytes says no format unless it is told", () => {
    assert.deepEqual(coapAnswer("Content", bytes("x")).options, []);
  });
});
