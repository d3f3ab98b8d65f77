/** What happens at the services, as it happens. */
export const TRAFFIC_SECTION = `
const eventLimit = 500;
let events = [];
let arrived = [];
let isPaused = false;

function startTraffic({ services }) {
  const service = byId("traffic-service");
  service.append(...services.filter(({ name }) => name !== "control").map(({ name }) => new Option(name)));
  service.addEventListener("change", showEvents);
  byId("traffic-clear").addEventListener("click", () => { events = []; showEvents(); });
  byId("traffic-pause").addEventListener("click", ({ currentTarget }) => {
    isPaused = !isPaused;
    currentTarget.setAttribute("aria-pressed", isPaused);
    showEvents();
  });
  const source = new EventSource("/traffic");
  source.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    // This page's own connections are of no interest, and would never end.
    if (event.service === "control") return;
    arrived.push(event);
    if (arrived.length > 2 * eventLimit) arrived = arrived.slice(-eventLimit);
    schedule();
  });
  const state = byId("state");
  source.addEventListener("open", () => { state.textContent = "Live"; state.className = "good"; });
  source.addEventListener("error", () => { state.textContent = "The network does not answer"; state.className = "bad"; });
}

let isScheduled = false;
/** Looks at all that has come, four times a second at most. */
function schedule() {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(() => {
    isScheduled = false;
    takeEvents();
    refresh();
  }, 250);
}

function takeEvents() {
  if (isPaused) return;
  const wanted = byId("traffic-service").value;
  const lines = arrived.filter(({ service }) => wanted === "" || service === wanted).map(eventLine).reverse();
  events = events.concat(arrived).slice(-eventLimit);
  arrived = [];
  const list = byId("traffic");
  list.prepend(...lines.slice(0, eventLimit));
  while (list.childElementCount > eventLimit) list.lastElementChild.remove();
}

function showEvents() {
  byId("traffic").replaceChildren();
  const all = isPaused ? events : events.concat(arrived);
  if (!isPaused) arrived = [];
  events = all.slice(-eventLimit);
  const wanted = byId("traffic-service").value;
  byId("traffic").append(...events.filter(({ service }) => wanted === "" || service === wanted).map(eventLine).reverse());
  byId("traffic-state").textContent = isPaused ? "Paused" : "";
}

function eventLine(event) {
  const { at, service, connection } = event;
  const time = new Date(at);
  const number = connection === 0 ? "" : "#" + connection + " ";
  return make(
    "li", {}, make("time", { dateTime: time.toISOString() }, time.toISOString().slice(11, 23)),
    make("span", { className: "service" }, service), number + inOneLine(event),
  );
}

function inOneLine(event) {
  switch (event.type) {
    case "opened": return "opened by " + event.peer;
    case "secured": return [event.tls.protocol, event.tls.cipher, event.tls.serverName, event.tls.alpn].filter(Boolean).join(" ") + (event.tls.sessionReused ? ", resumed" : "");
    case "handshake-failed": return "handshake failed: " + event.reason;
    case "request": return event.method + " " + event.target;
    case "said": return event.by + ": " + event.line;
    case "datagram": return "datagram of " + event.sizeBytes + " bytes " + (event.by === "client" ? "from " : "to ") + event.peer;
    case "fault": return "fault " + event.fault + ": " + event.did;
    case "failed": return "failed: " + event.reason;
    case "closed": return "closed, " + event.receivedBytes + " bytes in, " + event.sentBytes + " out";
    default: return event.type;
  }
}
`;
