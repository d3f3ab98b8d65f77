import { parseArgs } from "node:util";
import { fuzzRequests } from "../h1/fuzz.ts";
import { fuzzJson } from "../json/fuzz.ts";
import { fuzzMultipart } from "../multipart/fuzz.ts";

// fuzz.ts [--seed NUMBER] [--cases NUMBER] [--seconds NUMBER]: each case has the seed of the run plus its own number.
const { values } = parseArgs({
  options: { seed: { type: "string" }, cases: { type: "string" }, seconds: { type: "string" } },
});
const seed = Number(values.seed ?? 1);
const most = values.seconds === undefined ? Number(values.cases ?? 300) : Infinity;
const deadline = performance.now() + Number(values.seconds ?? Infinity) * 1_000;
const outcomes: Record<string, number> = {};
let cases = 0;
for (; cases < most && performance.now() < deadline; cases += 1) {
  for (const fuzz of [fuzzRequests, fuzzJson, fuzzMultipart]) {
    const outcome = fuzz(seed + cases);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
}
console.log(JSON.stringify({ seed, cases, outcomes }));
