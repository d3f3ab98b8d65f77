import { serviceFamily } from "../service-entry.ts";
import { endServices } from "./ends.ts";
import { faultServices } from "./faults.ts";
import { limitServices } from "./limits.ts";

/** HTTP/2 frame by frame: what node:http2 would not send. They look at no path: every request gets the same. */
export const http2Services = serviceFamily("http2", "speak HTTP/2 with frames made by hand", [
  ...endServices,
  ...limitServices,
  ...faultServices,
]);
