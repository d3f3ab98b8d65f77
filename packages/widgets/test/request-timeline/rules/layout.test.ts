import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { layOutTimeline } from "../../../src/request-timeline/rules/layout.ts";
import type { TimelineHop } from "../../../src/request-timeline/timeline-facts.ts";

function hop(facts: Partial<TimelineHop> = {}): TimelineHop {
  return {
    method: "GET",
    url: "https://a.example/",
    reason: "network",
    status: 200,
    startedAt: 1_000,
    timing: {},
    reused: false,
    protocol: "HTTP/2",
    repeats: [],
    error: undefined,
    tls: undefined,
    ...facts,
  };
}

describe("the layout of a time line", () => {
  test("puts phases one behind the other, to scale", () => {
    const timing = { blocked: 0, resolve: 10, connect: 20, secure: 30, send: 5, response: 25, body: 15, total: 100 };
    const { rows, milliseconds } = layOutTimeline([hop({ timing })], 0);
    assert.equal(milliseconds, 100);
    assert.deepEqual(
      rows[0]?.bars.map(({ phase, start, width }) => [phase, Math.round(start * 100), Math.round(width * 100)]),
      [
        ["resolve", 0, 10],
        ["connect", 10, 20],
        ["secure", 30, 30],
        ["send", 60, 5],
        ["wait", 65, 20],
        ["receive", 85, 15],
      ],
    );
  });

  test("begins a hop when it began, on the scale of all", () => {
    const { rows } = layOutTimeline(
      [hop({ timing: { response: 50, total: 50 } }), hop({ startedAt: 1_050, timing: { response: 50, total: 50 } })],
      0,
    );
    assert.deepEqual(
      rows.map(({ start, bars }) => [start, bars[0]?.start]),
      [
        [0, 0],
        [0.5, 0.5],
      ],
    );
  });

  test("lets what is under way grow, in the phase in which it is", () => {
    const open = (timing: TimelineHop["timing"]) =>
      layOutTimeline([hop({ timing })], 1_100).rows[0]?.bars.find(({ isOpen }) => isOpen);
    assert.deepEqual([open({})?.phase, open({})?.milliseconds], ["blocked", 100]);
    assert.equal(open({ blocked: 0, connect: 20 })?.phase, "wait");
    assert.equal(open({ blocked: 0, connect: 20 })?.milliseconds, 80);
    assert.equal(open({ blocked: 0, response: 20 })?.phase, "receive");
    assert.equal(open({ total: 10 }), undefined);
    assert.equal(layOutTimeline([hop({ error: "CONNECTION_REFUSED" })], 9_999).isRunning, false);
  });

  test("marks its axis in steps that are easy to count in", () => {
    const marks = (total: number) =>
      layOutTimeline([hop({ timing: { total } })], 0).ticks.map(({ milliseconds }) => milliseconds);
    assert.deepEqual(marks(312), [0, 100, 200, 300]);
    assert.deepEqual(marks(4_700), [0, 1_000, 2_000, 3_000, 4_000]);
    assert.deepEqual(marks(100_000), [0, 30_000, 60_000, 90_000]);
    assert.deepEqual(marks(0), [0, 0.1]);
  });

  test("whatever it is given, bars lie within the axis and ticks are few", () => {
    const time = fc.option(fc.double(), { nil: undefined });
    const timing = fc.record({
      blocked: time,
      resolve: time,
      connect: time,
      secure: time,
      send: time,
      response: time,
      body: time,
      total: time,
    });
    const hops = fc.array(fc.record({ startedAt: fc.double(), timing }), { maxLength: 5 });
    fc.assert(
      fc.property(hops, fc.double(), (facts, now) => {
        const { rows, ticks, milliseconds } = layOutTimeline(facts.map(hop), now);
        assert.ok(Number.isFinite(milliseconds) && ticks.length <= 6);
        for (const { at } of ticks) assert.ok(at >= 0 && at <= 1);
        for (const { start, width } of rows.flatMap(({ bars }) => bars)) {
          assert.ok(start >= 0 && width >= 0 && start + width <= 1 + 1e-9, JSON.stringify({ start, width }));
        }
      }),
    );
  });
});
