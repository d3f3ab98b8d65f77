import { featureInterop, gnutlsFeatureInterop } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

featureInterop("gnutls", loadGnutlsTls(), { asks: false });
gnutlsFeatureInterop("gnutls", loadGnutlsTls());
