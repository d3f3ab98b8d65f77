import { tlsInterop } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

tlsInterop("gnutls", loadGnutlsTls());
