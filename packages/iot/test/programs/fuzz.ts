import { parseArgs } from "node:util";
import { fuzzLayer } from "../coap/datagram/fuzz-layer.ts";

// fuzz.ts [--seed NUMBER] [--cases NUMBER] [--seconds NUMBER]: each case has the seed of the run plus its own number.
const { values } = parseArgs({
  options: { seed: { type: "string" }, cases: { type: "string" }, seconds: { type: "string" } },
});
const seed = Number(values.seed ?? 1);
const most = values.seconds === undefined ? Number(values.cases ?? 300) : Infinity;
const deadline = performance.now() + Number(values.seconds ?? Infinity) * 1_000;
let cases = 0;
for (; cases < most && performance.now() < deadline; cases += 1) fuzzLayer(seed + cases);
console.log(JSON.stringify({ seed, cases }));
