/** The contract that is measured, and what its server answers: 1 KiB of JSON as services have it. */
import { defineApi } from "@fairlead/rest";
import { z } from "zod";

const line = z.object({
  sku: z.string(),
  title: z.string(),
  quantity: z.number(),
  price: z.number(),
  taxable: z.boolean(),
});

const order = z.object({
  id: z.string(),
  customer: z.object({ id: z.number(), name: z.string(), email: z.string() }),
  lines: z.array(line),
  total: z.number(),
  currency: z.string(),
  note: z.string(),
});

/** The contract. */
export const orders = defineApi({
  title: "Orders",
  version: "1.0.0",
  operations: { getOrder: { method: "GET", path: "/orders/{orderId}", responses: { 200: order } } },
});

const value: z.infer<typeof order> = {
  id: "7f0c2e2e-8f6b-4c4c-9a57-1d3e5b7a9c11",
  customer: { id: 4711, name: "Ada Example", email: "ada@example.com" },
  lines: Array.from({ length: 6 }, (_, index) => ({
    sku: `SKU-${String(1000 + index)}`,
    title: `A thing that somebody ordered, number ${String(index)}`,
    quantity: index + 1,
    price: 9.5 + index,
    taxable: index % 2 === 0,
  })),
  total: 231.5,
  currency: "EUR",
  note: "",
};
const missing = 1024 - JSON.stringify(value).length;

/** 1,024 octets of it. */
export const orderText = JSON.stringify({ ...value, note: "x".repeat(missing) });
