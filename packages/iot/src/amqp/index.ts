/** AMQP 1.0 over the network of an application. */
export {};
