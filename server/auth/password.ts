import { availableParallelism } from 'node:os'
import { createGate } from './gate.ts'

/** OWASP's and ASVS 5.0's least for argon2id: 19 MiB, two passes, one lane. */
export const hashParameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The hash of a password that nobody knows, so that an account which does not exist costs as much as one that does. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$kfOXYbhuv2bshHuJ7FbPfA$LEhGfLIWcK1AmCYk9cxhFsPIZbv/5Uqf6Nzt0t2Yv6w'

export type Passwords = {
  /** A PHC string. */
  hash(password: string): Promise<string>
  /** `hash` null stands for nobody: never right, and no faster. `outdated` asks for a new hash of this password. */
  verify(hash: string | null, password: string): Promise<{ right: boolean; outdated: boolean }>
}

/**
 * Argon2id on the thread pool, never on the event loop. A few at once only: each takes a core and 19 MiB, and the
 * pool's other threads have names to look up. The rest wait, and beyond `waiting` are refused.
 */
export function createPasswords({
  parallel = Math.min(3, Math.max(1, availableParallelism() - 1)),
  waiting = 200,
} = {}): Passwords {
  const gate = createGate({ parallel, waiting })
  // Loaded by the first sign-in: a start does not wait for it.
  const load = () => import('@node-rs/argon2')
  return {
    hash: (password) => gate(async () => (await load()).hash(password, hashParameters)),
    verify: (hash, password) =>
      gate(async () => {
        const argon2 = await load()
        const right = await argon2.verify(hash ?? nobodysHash, password)
        const used = argon2.parseOptions(hash ?? nobodysHash)
        const outdated = Object.entries(hashParameters).some(
          ([name, value]) => used[name as keyof typeof hashParameters] < value,
        )
        return { right: right && hash !== null, outdated }
      }),
  }
}
