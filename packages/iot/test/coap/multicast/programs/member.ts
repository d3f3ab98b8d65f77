/** A device that hears a group on an interface, and says what it has. */
import { coapAnswer, coapServer, resource } from "@fairlead/iot/coap";

const [name = "", group = "", host = "", by = ""] = process.argv.slice(2);
const server = coapServer({ resources: [resource(name, { get: () => coapAnswer("Content", name) })] });
await server.listen({ host, groups: [{ group, interfaces: [by] }] });
console.log("listening");
