import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { widgets } from "@fairlead/widgets";
import { sections } from "../../gallery/sections.ts";
import { readView, writeView } from "../../gallery/view.ts";

describe("the gallery", () => {
  test("has a section for each widget", () => {
    const tags = sections.map(({ tag }) => tag);
    assert.deepEqual(tags.toSorted(), widgets.map(({ tag }) => tag).toSorted());
  });

  test("has states for each section, each by a name and a sentence of its own", () => {
    for (const { tag, states } of sections) {
      assert.ok(states.length > 0, tag);
      for (const each of ["name", "shows"] as const) {
        const told = states.map((state) => state[each]);
        assert.deepEqual(told, [...new Set(told)], tag);
      }
      for (const { name, shows } of states) {
        assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/, tag);
        assert.match(shows, /^[A-Z‘“].*[.?]$/, `${tag} ${name}`);
      }
    }
  });

  test("keeps its view in the address, and takes what it does not know for the usual", () => {
    const view = {
      section: "fairlead-x",
      state: "y",
      theme: "dark",
      lang: "ar",
      width: "400",
      fonts: "pinned",
    } as const;
    assert.deepEqual(readView(writeView(view)), view);
    assert.deepEqual(readView("?theme=pink&lang=xx&width=1&fonts="), readView(""));
    assert.equal(writeView(readView("")), "?");
  });
});
