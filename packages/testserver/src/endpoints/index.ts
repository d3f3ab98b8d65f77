import { cachingFamily } from "./caching.ts";
import { compressionFamily } from "./compression.ts";
import { connectivityFamily } from "./connectivity.ts";
import { cookieFamily } from "./cookies.ts";
import { cutFamily } from "./cut.ts";
import { earlyDataFamily } from "./early-data.ts";
import { echoFamily } from "./echo.ts";
import { eventStreamFamily } from "./event-stream.ts";
import { fileFamily } from "./files.ts";
import { headerBlockFamily } from "./header-blocks.ts";
import { hstsFamily } from "./hsts.ts";
import { lengthFamily } from "./lengths.ts";
import { locationFamily } from "./locations.ts";
import { malformedFamily } from "./malformed.ts";
import { payloadFamily } from "./payloads.ts";
import { redirectFamily } from "./redirects.ts";
import { slowFamily } from "./slow.ts";
import { webSocketFamily } from "./websocket.ts";
import type { EndpointFamily } from "./endpoint.ts";

/** Everything that the http and https listeners do. A new family is a file and a line here. */
export const endpointFamilies: readonly EndpointFamily[] = [
  echoFamily,
  payloadFamily,
  redirectFamily,
  locationFamily,
  hstsFamily,
  cookieFamily,
  cachingFamily,
  compressionFamily,
  slowFamily,
  cutFamily,
  lengthFamily,
  fileFamily,
  headerBlockFamily,
  malformedFamily,
  earlyDataFamily,
  connectivityFamily,
  eventStreamFamily,
  webSocketFamily,
];
