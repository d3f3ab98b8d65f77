import type { FaultOrder, ShownFaultType } from "../../../protocol/index.ts";

/** Reads what was entered for a fault; fields that were left empty are left out. */
export function readFaultOrder(type: ShownFaultType, field: (name: string) => string): FaultOrder {
  const service = field("service");
  const values = type.parameters.flatMap(({ name }): readonly (readonly [string, number])[] => {
    const entered = field(`value-${name}`).trim();
    return entered === "" ? [] : [[name, Number(entered)]];
  });
  return { type: type.type, ...(service !== "" && { service }), values: Object.fromEntries(values) };
}
