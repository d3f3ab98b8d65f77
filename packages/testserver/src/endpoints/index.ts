import { cookieEndpoints } from "./cookies.ts";
import { echoEndpoints } from "./echo.ts";
import type { Endpoint } from "./endpoint.ts";
import { hstsEndpoints } from "./hsts.ts";
import { payloadEndpoints } from "./payloads.ts";
import { redirectEndpoints } from "./redirects.ts";

/** Everything that the http and https listeners do, family by family. A new family is a file and a line here. */
export const endpoints: readonly Endpoint[] = [
  ...echoEndpoints,
  ...payloadEndpoints,
  ...redirectEndpoints,
  ...hstsEndpoints,
  ...cookieEndpoints,
];
