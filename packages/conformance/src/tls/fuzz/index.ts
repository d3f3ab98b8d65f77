export { fuzzLibrary, type FuzzReport } from "./fuzz-run.ts";
export { fuzzTest } from "./fuzz-test.ts";
