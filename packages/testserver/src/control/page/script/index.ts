import { CLOCK_SECTION } from "./clock-section.ts";
import { ELEMENTS } from "./elements.ts";
import { FAULTS_SECTION } from "./faults-section.ts";
import { SERVICES_SECTION } from "./services-section.ts";
import { TRAFFIC_SECTION } from "./traffic-section.ts";

const START = `
async function refresh() {
  await Promise.all([
    countConnections(),
    listFaults(),
    ask("/clock").then(showClock),
  ]).catch(() => undefined);
}

(async () => {
  startClock();
  const manifest = await ask("/manifest");
  showServices(manifest);
  startTraffic(manifest);
  await startFaults(manifest);
  await refresh();
})().catch((error) => {
  byId("state").textContent = error.message;
  byId("state").className = "bad";
});
`;

/** What the page does. */
export const SCRIPT = `"use strict";
{${[ELEMENTS, SERVICES_SECTION, CLOCK_SECTION, FAULTS_SECTION, TRAFFIC_SECTION, START].join("")}}
`;
