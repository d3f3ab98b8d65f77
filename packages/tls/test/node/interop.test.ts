import { tlsInterop } from "@fairlead/conformance/tls";
import { nodeTls } from "../../src/node/index.ts";

tlsInterop("node", nodeTls);
