/** CAN and ISO-TP, on Linux. */
export {};
