import { featureInterop, gnutlsFeatureInterop } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

featureInterop("openssl", loadOpensslTls(), { asks: true });
gnutlsFeatureInterop("openssl", loadOpensslTls());
