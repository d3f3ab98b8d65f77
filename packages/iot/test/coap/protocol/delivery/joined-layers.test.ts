import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { writeCoapMessage } from "@fairlead/iot/coap/protocol";
import { MemoryBudget, type MessageContent } from "../../../../src/coap/protocol/delivery/index.ts";
import { LayerProbe } from "./layer-probe.ts";

const content: MessageContent = { code: "2.05", options: [], payload: Uint8Array.of(1) };

/** What a link does with each datagram in turn: loses it, or delivers it at these times. Behind the list it delivers well. */
const fates = fc.array(fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 3 }), { maxLength: 12 });

/** Carries datagrams between two layers by such a plan until nothing is under way, and tells what each was told. */
function carry(
  plan: readonly (readonly number[])[],
  answerAfter: number,
): { readonly asked: readonly string[]; readonly served: readonly string[] } {
  const [client, server] = [new LayerProbe(), new LayerProbe({ random: () => 2 ** 31 })];
  const [asked, served]: [string[], string[]] = [[], []];
  const onItsWay: { readonly at: number; readonly deliver: () => void }[] = [];
  let sent = 0;
  const pass = (from: LayerProbe, to: LayerProbe, lines: readonly string[], told: string[], now: number): void => {
    for (const bytes of from.sent.splice(0)) {
      for (const delay of plan[sent] ?? [1]) {
        const deliver = (): void => {
          to.now = now + delay;
          pass(to, from, to.receive(bytes), to === client ? asked : served, to.now);
        };
        onItsWay.push({ at: now + delay, deliver });
      }
      sent += 1;
    }
    for (const line of lines) if (!line.startsWith("send")) told.push(line);
    for (const received of from.requests.splice(0)) {
      const at = now + answerAfter;
      const deliver = (): void => {
        from.now = at;
        pass(from, to, from.tell(from.layer.respond(received, content, "confirmable", "s", at)), told, at);
      };
      onItsWay.push({ at, deliver });
    }
  };
  const exchange = client.layer.open("a");
  const request = { ...content, code: "0.02" } as const;
  pass(client, server, client.tell(client.layer.request(exchange, request, "confirmable", 0)), asked, 0);
  for (;;) {
    onItsWay.sort((one, other) => one.at - other.at);
    const wakeAt = Math.min(client.layer.wakeAt, server.layer.wakeAt);
    const next = onItsWay[0];
    if (next === undefined && wakeAt === Number.POSITIVE_INFINITY) return { asked, served };
    if (next !== undefined && next.at <= wakeAt) {
      onItsWay.shift();
      next.deliver();
    } else {
      const [from, to, told] =
        client.layer.wakeAt === wakeAt ? ([client, server, asked] as const) : ([server, client, served] as const);
      from.now = wakeAt;
      pass(from, to, from.tell(from.layer.advance(wakeAt)), told, wakeAt);
    }
  }
}

describe("two layers that are joined by a bad link", () => {
  test("have a request dealt with once at most, and answered once or failed, whatever is lost, doubled or overtaken", () => {
    fc.assert(
      fc.property(fates, fc.constantFrom(0, 100, 300, 5_000), (plan, answerAfter) => {
        const { asked, served } = carry(plan, answerAfter);
        assert.ok(served.filter((line) => line.startsWith("request")).length <= 1, served.join("; "));
        const ends = asked.filter((line) => line.startsWith("response") || line.startsWith("failed"));
        assert.equal(new Set(ends).size, 1, asked.join("; "));
        assert.equal(ends.length, 1, asked.join("; "));
      }),
      { numRuns: 500 },
    );
  });

  test("have it answered when no more is lost than is repeated", () => {
    const lost: readonly number[] = [];
    for (const plan of [[], [lost], [lost, lost, lost, lost], [[1], lost, lost, [1], lost]]) {
      for (const answerAfter of [0, 300]) assert.ok(carry(plan, answerAfter).asked.includes("response a 2.05"));
    }
  });
});

describe("a message layer", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    // Mostly in form, so that it gets further.
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 24 }))
      .map(([type, code, rest]) => Uint8Array.of(0x42 | (type << 4), code, 0, ...rest)),
  );

  test("takes whatever comes, when time passes and requests are answered or not, within its limits", () => {
    const steps = fc.array(fc.tuple(bytes, fc.integer({ min: 0, max: 60_000 }), fc.boolean(), fc.boolean()));
    fc.assert(
      fc.property(steps, (taken) => {
        const budget = new MemoryBudget(2_000);
        const probe = new LayerProbe({ budget, limits: { requests: 4, queuedMessages: 4, rememberedBytes: 1_000 } });
        const exchange = probe.layer.open("a");
        probe.tell(probe.layer.request(exchange, content, "confirmable", 0));
        for (const [datagram, milliseconds, isAnswered, isMulticast] of taken) {
          probe.receive(datagram, isMulticast);
          probe.until(probe.now + milliseconds);
          const received = isAnswered ? probe.requests.pop() : undefined;
          if (received) probe.tell(probe.layer.respond(received, content, "confirmable", "s", probe.now));
          assert.ok(budget.usedBytes <= 1_000);
        }
        probe.tell(probe.layer.close("closed"));
        assert.equal(budget.usedBytes, 0);
        assert.ok(probe.layer.isIdle);
      }),
      { numRuns: 500 },
    );
  });

  test("stays within its limits under a flood of new tokens", () => {
    const budget = new MemoryBudget(100_000);
    const probe = new LayerProbe({ budget, limits: { requests: 10, rememberedBytes: 5_000 } });
    let heard = 0;
    for (let count = 0; count < 20_000; count += 1) {
      const token = Uint8Array.of(count >> 8, count);
      const message = { type: "confirmable", code: "0.01", messageId: count, token, options: [] } as const;
      const effects = probe.receive(writeCoapMessage({ ...message, payload: new Uint8Array(0) }));
      if (effects[0] === "request 0.01") heard += 1;
      assert.ok(budget.usedBytes <= 5_000);
    }
    assert.equal(heard, 10);
  });
});
