import { featureInterop } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

featureInterop("gnutls", loadGnutlsTls(), { asks: false });
