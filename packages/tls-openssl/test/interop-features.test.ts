import { featureInterop } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

featureInterop("openssl", loadOpensslTls(), { asks: true });
