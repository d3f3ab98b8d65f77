/** The faults that act, and the form for another. */
export const FAULTS_SECTION = `
async function startFaults({ services }) {
  const types = await ask("/fault-types");
  const problem = byId("fault-problem");
  const [service, type] = [byId("fault-service"), byId("fault-type")];
  type.append(...types.map((each) => new Option(each.type)));
  const chosen = () => types.find((each) => each.type === type.value);
  type.addEventListener("change", () => {
    const { does, directed, parameters, transports } = chosen();
    byId("fault-does").textContent = does;
    const before = service.value;
    const fit = services.filter(({ name, transport }) => name !== "control" && transports.includes(transport));
    service.replaceChildren(new Option("all"), ...fit.map(({ name }) => new Option(name)));
    if (fit.some(({ name }) => name === before)) service.value = before;
    byId("fault-parameters").replaceChildren(...faultInputs(directed, parameters));
  });
  type.dispatchEvent(new Event("change"));
  onSubmit(byId("fault-add"), problem, async () => {
    const fault = { service: service.value, type: type.value };
    for (const input of byId("fault-parameters").querySelectorAll("input, select")) {
      if (input.value !== "") fault[input.name] = input.type === "number" ? Number(input.value) : input.value;
    }
    await ask("/faults", "POST", fault);
    await listFaults();
  });
  byId("faults-clear").addEventListener("click", () => removeFaults("/faults"));
  await listFaults();
}

function faultInputs(directed, parameters) {
  const numbers = Object.entries({
    ...parameters,
    probability: { does: "how likely each connection or datagram is hit", least: 0, most: 1, fractional: true, fallback: 1 },
    seed: { does: "what chance is drawn from", least: 0, most: 4294967295 },
  });
  const inputs = numbers.flatMap(([name, { does, least, most, fractional, fallback, required = false }]) => {
    const id = "fault-" + name;
    const input = make("input", { id, name, type: "number", min: least, max: most, step: fractional ? "any" : 1, required });
    if (fallback !== undefined) input.placeholder = fallback;
    return [make("label", { htmlFor: id }, name, make("span", { className: "quiet" }, " " + does)), input];
  });
  if (!directed) return inputs;
  const direction = make("select", { id: "fault-direction", name: "direction" }, ...["down", "up", "both"].map((each) => new Option(each)));
  return [make("label", { htmlFor: "fault-direction" }, "direction"), direction, ...inputs];
}

async function listFaults() {
  const faults = await ask("/faults");
  byId("faults").replaceChildren(...faults.map(({ id, fault: { type, ...rest }, services, hits }) => {
    const where = services.length > 3 ? services.length + " services" : services.join(", ");
    const terms = Object.entries(rest).map(([name, value]) => name + " " + value).join(", ");
    const button = make("button", { type: "button", className: "small", textContent: "Remove", "aria-label": "Remove fault " + id });
    button.addEventListener("click", () => removeFaults("/faults?id=" + id));
    const text = make("span", {}, make("strong", {}, type), " on " + where + ", " + hits + " hit ", make("span", { className: "quiet" }, terms));
    return make("li", {}, text, button);
  }));
  byId("no-faults").hidden = faults.length > 0;
  byId("faults-clear").hidden = faults.length === 0;
}

function removeFaults(path) {
  return attempt(byId("fault-problem"), async () => {
    await ask(path, "DELETE");
    await listFaults();
  });
}
`;
