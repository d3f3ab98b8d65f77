import { collectEagerly, exercise } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { loadGnutlsTls } from "../../src/index.ts";

const collected = collectEagerly(koffi);
await exercise(loadGnutlsTls());
console.log(collected.collections);
