import type { daprConfig } from '../config.ts'
import { AppError } from '../errors.ts'

/** A service beside a sidecar cannot do without its address and the token that guards the inbox. */
export function requireSidecar(config: ReturnType<typeof daprConfig>) {
  const { sidecar, appToken } = config
  if (sidecar === null || appToken === null) {
    const missing = [sidecar === null ? 'DAPR_HTTP_PORT' : '', appToken === null ? 'APP_API_TOKEN' : '']
    throw new AppError('invalid', `${missing.filter(Boolean).join(' and ')} is not set`, {
      hint: 'The service runs beside a Dapr sidecar; see .env.example.',
    })
  }
  return { ...config, sidecar, appToken }
}
