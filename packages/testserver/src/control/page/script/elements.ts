/** How elements are found and made, and how the network is asked. Texts become text nodes, whatever is in them. */
export const ELEMENTS = `
const byId = (id) => document.getElementById(id);

function make(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

async function ask(path, method = "GET", body) {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  return JSON.parse(text);
}

/** Does something for a user, and says where they are what hindered it. */
async function attempt(problem, action) {
  problem.textContent = "";
  try {
    await action();
  } catch (error) {
    problem.textContent = error.message;
  }
}

function onSubmit(form, problem, action) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(problem, action);
  });
}

function copied(text, label) {
  const button = make("button", { type: "button", className: "small", textContent: "Copy", "aria-label": "Copy " + label });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => { button.textContent = "Copied"; },
      () => { getSelection().selectAllChildren(button.previousElementSibling); },
    );
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return make("div", { className: "copied" }, make("code", {}, text), button);
}
`;
