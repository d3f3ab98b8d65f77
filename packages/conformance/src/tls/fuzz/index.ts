export { fuzzLibrary, type FuzzReport } from "./fuzz-run.ts";
