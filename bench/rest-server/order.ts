import { z } from "zod";

/** What is ordered: about 1 KiB of JSON, with text, numbers, lists and objects in it. */
export const orderSchema = z.object({
  customer: z.object({ name: z.string().min(1), email: z.string(), vip: z.boolean() }),
  note: z.string(),
  lines: z.array(
    z.object({ sku: z.string().min(1), title: z.string(), quantity: z.number().int().min(1), price: z.number() }),
  ),
  tags: z.array(z.string()),
});

/** What is answered. */
export const receiptSchema = orderSchema.extend({ id: z.number().int() });

const line = {
  type: "object",
  required: ["sku", "title", "quantity", "price"],
  properties: {
    sku: { type: "string", minLength: 1 },
    title: { type: "string" },
    quantity: { type: "integer", minimum: 1 },
    price: { type: "number" },
  },
};
const properties = {
  customer: {
    type: "object",
    required: ["name", "email", "vip"],
    properties: { name: { type: "string", minLength: 1 }, email: { type: "string" }, vip: { type: "boolean" } },
  },
  note: { type: "string" },
  lines: { type: "array", items: line },
  tags: { type: "array", items: { type: "string" } },
};
const required = ["customer", "note", "lines", "tags"];

/** The same for those who take JSON Schema. */
export const orderJsonSchema = { type: "object", required, properties };
export const receiptJsonSchema = {
  type: "object",
  required: [...required, "id"],
  properties: { ...properties, id: { type: "integer" } },
};

/** The order that everybody is sent. */
export const order: z.infer<typeof orderSchema> = {
  customer: { name: "Ada Lovelace", email: "ada@example.org", vip: true },
  note: "Please ring twice, and leave it with the neighbours where nobody opens; the dog is kind.",
  lines: Array.from({ length: 9 }, (_, at) => ({
    sku: `A-${String(1_000 + at)}`,
    title: `Difference engine, part ${String(at + 1)} of 9`,
    quantity: at + 1,
    price: 19.5 + at,
  })),
  tags: ["express", "gift", "insured"],
};
