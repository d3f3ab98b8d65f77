/** The network's time, and what puts it. */
export const CLOCK_SECTION = `
let offsetMilliseconds = 0;

function showClock({ now }) {
  // What the network's time is ahead of this browser's, so that it can run on here.
  offsetMilliseconds = Date.parse(now) - Date.now();
  tick();
}

function tick() {
  const now = new Date(Date.now() + offsetMilliseconds);
  const text = now.toISOString().slice(0, 19);
  byId("now").dateTime = text + "Z";
  byId("now").textContent = text.replace("T", " ") + " UTC";
  const seconds = Math.round(offsetMilliseconds / 1000);
  byId("offset").textContent = Math.abs(seconds) < 2 ? "" : inWords(Math.abs(seconds)) + (seconds > 0 ? " ahead" : " behind");
}

function inWords(seconds) {
  const [size, unit] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([least]) => seconds >= least);
  return Math.round((seconds / size) * 10) / 10 + " " + unit;
}

function startClock() {
  const problem = byId("clock-problem");
  const put = async (change) => showClock(await ask("/clock", "PUT", change));
  onSubmit(byId("clock-set"), problem, () => put({ now: new Date(byId("clock-time").value + "Z").toISOString() }));
  onSubmit(byId("clock-advance"), problem, () =>
    put({ advanceSeconds: Number(byId("clock-amount").value) * Number(byId("clock-unit").value) }));
  byId("clock-reset").addEventListener("click", () => attempt(problem, () => put({ now: null })));
  setInterval(tick, 1000);
}
`;
