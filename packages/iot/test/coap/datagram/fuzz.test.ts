import { test } from "node:test";
import { fuzzLayer } from "./fuzz-layer.ts";

test("whatever datagrams come, a message layer keeps its limits and throws nothing", () => {
  for (let seed = 1; seed <= 100; seed += 1) fuzzLayer(seed);
});
