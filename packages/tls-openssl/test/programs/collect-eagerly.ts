import { collectEagerly, exercise } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { loadOpensslTls } from "../../src/index.ts";

const collected = collectEagerly(koffi);
await exercise(loadOpensslTls());
console.log(collected.collections);
