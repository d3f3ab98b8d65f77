/** Services and endpoints by family, the filter over both, and how many connections there are. */
export const SERVICES_SECTION = `
const shown = [];
const counters = new Map();

function showServices({ services, endpoints }) {
  const http = services.find(({ name }) => name === "http");
  byId("services").replaceChildren(...families(services, serviceArticle));
  byId("endpoints").replaceChildren(...families(endpoints, (endpoint) => endpointArticle(endpoint, http)));
  byId("filter").addEventListener("input", filter);
  filter();
}

function families(members, article) {
  return [...Map.groupBy(members, ({ family }) => family)].map(([family, those]) => {
    const number = make("span", { className: "quiet" }, " " + those.length);
    const details = make("details", {}, make("summary", {}, make("h3", {}, family), number));
    for (const member of those) {
      const element = article(member);
      const text = [family, member.name, member.path, member.does, member.origin].join(" ").toLowerCase();
      shown.push({ element, details, text });
      details.append(element);
    }
    return details;
  });
}

function serviceArticle({ name, transport, does, origin, example }) {
  const counter = make("span", { className: "quiet" });
  counters.set(name, counter);
  return make(
    "article", {}, make("h4", {}, name), counter, make("p", {}, does),
    copied(origin, "the address of " + name),
    ...(example ? [copied(example, "the command for " + name)] : []),
  );
}

function endpointArticle({ path, does, example }, http) {
  const url = http === undefined ? undefined : new URL(example, http.origin);
  const heading = make("h4", {}, make("code", {}, path));
  return make("article", {}, heading, make("p", {}, does), copied(url?.href ?? example, "the address of " + path));
}

let isFiltered = false;
function filter() {
  const words = byId("filter").value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  const open = new Set();
  for (const { element, details, text } of shown) {
    element.hidden = !words.every((word) => text.includes(word));
    if (!element.hidden) { found += 1; open.add(details); }
  }
  for (const details of new Set(shown.map((each) => each.details))) {
    details.hidden = !open.has(details);
    // Those that were found are open, and closed again with the rest when nothing is looked for any more.
    if (words.length > 0 || isFiltered) details.open = words.length > 0;
  }
  isFiltered = words.length > 0;
  byId("found").textContent = found + " of " + shown.length;
}

async function countConnections() {
  for (const [name, { accepted, open }] of Object.entries(await ask("/connections"))) {
    const counter = counters.get(name);
    if (counter) counter.textContent = accepted === 0 ? "" : accepted + (accepted === 1 ? " connection, " : " connections, ") + open + " open";
  }
}
`;
