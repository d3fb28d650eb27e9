import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { AppError } from './errors.ts'

/**
 * Keeps secrets that must be read again (webhooks are signed with theirs) unreadable in the database and its backups.
 * `owner` is bound into what is sealed: put into another user's row it does not open.
 */
export type SecretBox = {
  /** What to store. Without a key it is the secret itself. */
  seal(secret: string, owner: string): string
  /**
   * The secret of what was stored, also of what was stored before there was a key. Throws `unavailable` when no key of
   * ours opens it, or it was changed.
   */
  open(stored: string, owner: string): string
  /** False for what should be sealed anew: it is not sealed, or with the key before. */
  isCurrent(stored: string): boolean
}

export type SecretKeys = {
  /** 32 bytes. Null: nothing is sealed. */
  current: Buffer | null
  /** The one before, during a change of the key: it opens and does not seal. */
  previous: Buffer | null
}

/** `sealed:1:<key id>:<base64 of nonce, tag and text>`. */
const prefix = 'sealed:1:'
const [nonceBytes, tagBytes] = [12, 16]

export function createSecretBox(keys: SecretKeys): SecretBox {
  const byId = new Map([keys.previous, keys.current].flatMap((key) => (key ? [[idOf(key), key]] : [])))
  const { current } = keys
  return {
    seal: (secret, owner) => (current === null ? secret : seal(current, secret, owner)),
    open: (stored, owner) => (stored.startsWith(prefix) ? open(byId, stored, owner) : stored),
    isCurrent: (stored) => current === null || stored.startsWith(`${prefix}${idOf(current)}:`),
  }
}

/** Tells which key a text was sealed with, and nothing of the key. */
const idOf = (key: Buffer): string =>
  createHash('sha256').update('key id').update(key).digest('hex').slice(0, 8)

function seal(key: Buffer, secret: string, owner: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `${prefix}${idOf(key)}:${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')}`
}

function open(keys: Map<string, Buffer>, stored: string, owner: string): string {
  const [id = '', packed = ''] = stored.slice(prefix.length).split(':')
  const key = keys.get(id)
  if (key === undefined) throw unreadable(`no key with the id ${id} is set`)
  const bytes = Buffer.from(packed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw unreadable('it was changed, or belongs to somebody else')
  }
}

const unreadable = (why: string) =>
  new AppError('unavailable', `A stored secret cannot be read: ${why}.`, {
    hint: 'Set SECRETS_KEY, and SECRETS_KEY_PREVIOUS while the key is being changed.',
    reason: 'secret_unreadable',
  })
