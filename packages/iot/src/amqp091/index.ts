/** AMQP 0-9-1 over the network of an application. */
export {};
