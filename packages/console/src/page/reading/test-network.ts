import type { ShownFault, ShownFaultType, ShownService, ShownTestNetwork } from "../../protocol/index.ts";
import { flag, list, number, object, oneOf, optional, text } from "./reader.ts";

/** A fault that acts. */
export const readFault = object<ShownFault>({
  id: text,
  type: text,
  service: optional(text),
  description: text,
  hits: number,
});

/** What there is to try. */
export const readTestNetwork = object<ShownTestNetwork>({
  services: list(
    object<ShownService>({
      kind: oneOf("service", "endpoint"),
      name: text,
      description: text,
      family: text,
      url: optional(text),
    }),
  ),
  faults: list(readFault),
  faultTypes: list(
    object<ShownFaultType>({
      type: text,
      description: text,
      parameters: list(
        object<ShownFaultType["parameters"][number]>({
          name: text,
          description: text,
          least: number,
          most: number,
          isRequired: flag,
          fallback: optional(number),
        }),
      ),
    }),
  ),
});
