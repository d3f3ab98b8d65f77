import type { ShownConnectivity } from "../shown-connectivity.ts";

/** What the state of the network says. Text with values in it is a function, since languages order them differently. */
export interface ConnectivityMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  readonly states: Readonly<Record<ShownConnectivity, string>>;
}
