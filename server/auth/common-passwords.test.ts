import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCommonPassword } from './common-passwords.ts'

test('passwords that guessers try first are common, whatever their case and however decorated', () => {
  const common = `password 12345678 123456789 1234567890 baseball football qwertyuiop superman 1qaz2wsx trustno1 sunshine
    iloveyou starwars princess corvette 1234qwer 88888888 q1w2e3r4t5 whatever 123123123 abcd1234 asdfasdf 11223344
    Password PASSWORD1 passw0rd P@ssw0rd P@ssw0rd1 letmein1 Welcome123 welcome2024 Summer2024! changeme admin123
    qwerty123 Qwertz123 azertyuiop iloveyou2 football1 aaaaaaaa ababababab 87654321 abcdefgh asdfghjkl zxcvbnm1
    zaq12wsx 1q2w3e4r 147258369 987654321 Passwort1 todo1234`
  for (const password of common.trim().split(/\s+/)) assert.ok(isCommonPassword(password), password)
})

test('passwords of one’s own are not, and long ones are not looked at', () => {
  const own = [
    ...['correct horse battery staple', 'tr0ub4dor&3', 'alice-secret-42', 'Xk9$mmPq2', 'password-of-ann'],
    ...[
      'Sommerregen im Mai',
      'übergrößenträger',
      '雨の日の散歩道です',
      'x'.repeat(1024),
      'my password is long',
    ],
  ]
  for (const password of own) assert.ok(!isCommonPassword(password), password)
})
