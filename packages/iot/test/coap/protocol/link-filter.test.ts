import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filterLinks, parseLinkFormat } from "@fairlead/iot/coap/protocol";

// After the examples of RFC 6690 section 5.
const reading = parseLinkFormat(
  '</sensors>;ct=40;title="Sensor Index",</sensors/temp>;rt="temperature-c";if="sensor",' +
    '</sensors/light>;rt="light-lux core.sen-light";if="sensor",</t>;anchor="/sensors/temp";rel="alternate"',
);
const links = reading.type === "links" ? reading.links : [];

describe("a query of a device's resources (RFC 6690 section 4.1)", () => {
  for (const [query, targets] of [
    [[], ["/sensors", "/sensors/temp", "/sensors/light", "/t"]],
    [["rt=light-lux"], ["/sensors/light"]],
    [["rt=core.sen-light"], ["/sensors/light"]],
    [["rt=core.sen*"], ["/sensors/light"]],
    [["rt=light"], []],
    [["rt=*"], ["/sensors/temp", "/sensors/light"]],
    [["if=sensor", "rt=temperature*"], ["/sensors/temp"]],
    [["href=/sensors"], ["/sensors"]],
    [["href=/sensors/*"], ["/sensors/temp", "/sensors/light"]],
    [["title=Sensor"], []],
    [["title=Sensor*"], ["/sensors"]],
    [["ct=40"], ["/sensors"]],
    [["obs"], ["/sensors", "/sensors/temp", "/sensors/light", "/t"]],
    [["nothing=1"], []],
  ] as const) {
    test(`gives what ${query.join(" and ") || "nothing"} asks for`, () => {
      assert.deepEqual(
        filterLinks(links, query).map(({ target }) => target),
        targets,
      );
    });
  }
});
