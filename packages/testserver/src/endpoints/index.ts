import { authenticationFamily } from "./authentication/index.ts";
import { cachingFamily } from "./caching.ts";
import { compressionFamily } from "./compression.ts";
import { connectivityFamily } from "./connectivity.ts";
import { cookieFamily } from "./cookies.ts";
import { cutFamily } from "./cut.ts";
import { dnsQueryFamily } from "./dns-query.ts";
import { earlyDataFamily } from "./early-data.ts";
import { echoFamily } from "./echo.ts";
import { eventStreamFamily } from "./event-stream.ts";
import { fileFamily } from "./files.ts";
import { headerBlockFamily } from "./header-blocks.ts";
import { hstsFamily } from "./hsts.ts";
import { httpbinFamilies } from "./httpbin/index.ts";
import { lengthFamily } from "./lengths.ts";
import { locationFamily } from "./locations.ts";
import { malformedFamily } from "./malformed.ts";
import { pacFamily } from "./pac.ts";
import { payloadFamily } from "./payloads.ts";
import { redirectFamily } from "./redirects.ts";
import { slowFamily } from "./slow.ts";
import { webSocketFamily } from "./websocket.ts";
import { rangeFamily } from "./ranges.ts";
import { interimFamily } from "./interim.ts";
import { lifetimeFamily } from "./lifetimes.ts";
import { cookieShapeFamily } from "./cookie-shapes.ts";
import { retryingFamily } from "./retrying.ts";
import { charsetFamily } from "./charsets.ts";
import { formFamily } from "./forms.ts";
import type { EndpointFamily } from "./endpoint.ts";

/** Everything that the http and https services do. A new family is a file and a line here. */
export const endpointFamilies: readonly EndpointFamily[] = [
  echoFamily,
  formFamily,
  payloadFamily,
  redirectFamily,
  retryingFamily,
  locationFamily,
  hstsFamily,
  authenticationFamily,
  cookieFamily,
  cookieShapeFamily,
  cachingFamily,
  lifetimeFamily,
  compressionFamily,
  charsetFamily,
  slowFamily,
  cutFamily,
  lengthFamily,
  fileFamily,
  rangeFamily,
  headerBlockFamily,
  interimFamily,
  malformedFamily,
  earlyDataFamily,
  connectivityFamily,
  pacFamily,
  dnsQueryFamily,
  eventStreamFamily,
  webSocketFamily,
  ...httpbinFamilies,
];
