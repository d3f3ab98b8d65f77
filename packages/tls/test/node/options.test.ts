import { optionSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "../../src/node/index.ts";

optionSuite("node", nodeTls);
