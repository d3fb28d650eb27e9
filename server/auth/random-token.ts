import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, so a fast hash is enough to store them by: there is nothing to guess. */
export const randomToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url')

export const hashToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()
